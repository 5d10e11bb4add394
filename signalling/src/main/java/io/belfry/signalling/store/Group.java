package io.belfry.signalling.store;

import org.jspecify.annotations.Nullable;

/// A group of users that can be called as one.
///
/// @param type `public`, `private` or `password`
/// @param owner the uid of whoever made it; null when the operator did
public record Group(
    String guid,
    String name,
    String type,
    @Nullable String icon,
    @Nullable String owner,
    int membersCount) {}
