/// RTCP: reading compound packets without allocating, one writer for each packet type, and the
/// statistics behind receiver reports.
///
/// Implements RFC 3550 §6 (SR, RR, SDES, BYE) and appendix A (statistics), RFC 4585 §6 (NACK, PLI),
/// RFC 5104 §4.3.1 (FIR), RFC 5506 (reduced size),
/// draft-holmer-rmcat-transport-wide-cc-extensions-01 (TWCC) and draft-alvestrand-rmcat-remb-03
/// (REMB). Extended reports (RFC 3611) and what is unknown are skipped.
///
/// Left out: the timing rules of RFC 3550 §6.2, which are for large multicast groups; reports go
/// out once a second, as every WebRTC endpoint does it.
@NullMarked
package io.belfry.sfu.rtcp;

import org.jspecify.annotations.NullMarked;
