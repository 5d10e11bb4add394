/// Call tokens: JWTs (RFC 7519) signed with RS256 (RFC 7518 §3.3) that say who may join which
/// session. The signalling node signs; an SFU checks against the published JWKS (RFC 7517).
@NullMarked
package io.belfry.common.token;

import org.jspecify.annotations.NullMarked;
