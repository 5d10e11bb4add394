package io.belfry.sfu.session;

import io.belfry.sfu.route.RouteLimits;

/// The settings of transports.
///
/// @param maxPathsPerTransport validated source addresses remembered for each
/// @param consentNanos without a connectivity check until a transport is lost (RFC 7675 §5.1)
public record SessionSettings(int maxPathsPerTransport, long consentNanos, RouteLimits limits) {}
