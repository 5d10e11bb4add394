/// What the signalling node remembers: users, groups, credentials, calls. Interfaces, and their one
/// implementation in SQL, which runs on H2 (a file, the default) and on PostgreSQL. Everything here
/// blocks; callers are virtual threads.
@NullMarked
package io.belfry.signalling.store;

import org.jspecify.annotations.NullMarked;
