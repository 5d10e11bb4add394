/// What one user or address may ask of the node (docs/operations.md, "Limits"). How much one socket
/// may is the socket's own business.
@NullMarked
package io.belfry.signalling.limit;

import org.jspecify.annotations.NullMarked;
