/// Who is asking: auth tokens of users and API keys of operators, both known by their hash only,
/// and the call tokens (RFC 7519) that open media sessions.
@NullMarked
package io.belfry.signalling.auth;

import org.jspecify.annotations.NullMarked;
