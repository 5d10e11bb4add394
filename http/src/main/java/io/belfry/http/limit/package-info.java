/// Who may ask how much: token buckets in bounded memory, and whose address counts behind proxies
/// (`x-forwarded-for`; of `forwarded`, RFC 7239, nothing is read). Time comes in as an argument.
@NullMarked
package io.belfry.http.limit;

import org.jspecify.annotations.NullMarked;
