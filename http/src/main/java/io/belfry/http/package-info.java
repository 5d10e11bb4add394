/// The HTTP side of a node, free of I/O: routes, requests, answers, errors, files of the class path
/// and the operator's pages. Handlers are blocking code and run on virtual threads.
///
/// Implements what the nodes need of HTTP semantics (RFC 9110): methods, conditional requests with
/// strong validators (§13.1.2), and cross-origin access by an allow list. Ranges, trailers and
/// content negotiation beyond gzip are left out: nothing served here is large.
@NullMarked
package io.belfry.http;

import org.jspecify.annotations.NullMarked;
