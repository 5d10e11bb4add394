package io.belfry.signalling.store;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.function.Supplier;

/// The key in a file of the data folder that only its owner reads. H2 lets one process at a time
/// into its own file; a file of its own can be read beside a running node.
final class KeyFile implements SigningKeys {
  private static final String NAME = "call-token-key.json";

  private final Path file;

  KeyFile(Path folder) {
    this.file = folder.resolve(NAME);
  }

  @Override
  public Optional<String> find() {
    try {
      return Optional.of(Files.readString(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new StoreException("cannot read the key in " + file + ": " + e, e);
    }
  }

  @Override
  public String findOrStore(Supplier<String> fresh) {
    return find().orElseGet(() -> store(fresh.get()));
  }

  /// Written beside and linked into place, so that nobody ever reads half a key, and of two that
  /// are made at once one stays.
  private String store(String key) {
    try {
      Path written = Files.createTempFile(file.getParent(), NAME, ".new", ownerOnly());
      try {
        Files.writeString(written, key);
        Files.createLink(file, written);
        return key;
      } catch (FileAlreadyExistsException e) {
        return find().orElseThrow();
      } catch (UnsupportedOperationException e) {
        Files.move(written, file);
        return key;
      } finally {
        Files.deleteIfExists(written);
      }
    } catch (IOException e) {
      throw new StoreException("cannot write the key to " + file + ": " + e, e);
    }
  }

  private FileAttribute<?>[] ownerOnly() {
    boolean isPosix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
    return isPosix
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        }
        : new FileAttribute<?>[0];
  }
}
