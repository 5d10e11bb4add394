package io.belfry.sfu.session;

import io.belfry.sfu.route.RouteLimits;

/// The settings of transports.
///
/// @param maxPathsPerTransport validated source addresses remembered for each
public record SessionSettings(int maxPathsPerTransport, RouteLimits limits) {}
