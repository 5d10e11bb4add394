/// What `media_control.proto` makes: messages and stubs of version 1 of the link. All of it is
/// generated.
package io.belfry.link.v1;
