package io.kerf.format;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.UUID;

/**
 * A file or folder in the making, beside the place where it will be: it appears there whole by one
 * rename, or not at all.
 *
 * <p>What was there before is moved aside first and removed last, so that a failure at any moment
 * leaves it whole. Closing a draft that was not published takes it away.
 */
public final class Draft implements AutoCloseable {
  private final Path target;
  private final Path path;
  private final Path firstMade; // of the folders that had to be made for it; null for none
  private boolean published;

  private Draft(Path target) {
    this.target = target;
    this.path = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    this.firstMade = firstMissing(target.getParent());
    try {
      Files.createDirectories(target.getParent());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** A folder to be, made empty. */
  public static Draft folder(Path target) {
    Draft draft = new Draft(place(target));
    try {
      Files.createDirectory(draft.path);
    } catch (IOException e) {
      draft.close();
      throw draft.failed(e);
    }
    return draft;
  }

  /** A file to be, not made yet. */
  public static Draft file(Path target) {
    return new Draft(place(target));
  }

  /** Where it really is: a link stays, and what it leads to is replaced. */
  private static Path place(Path target) {
    try {
      return Files.exists(target) ? target.toRealPath() : target.toAbsolutePath().normalize();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + target + ": " + e.getMessage(), e);
    }
  }

  private static Path firstMissing(Path folder) {
    Path missing = null;
    for (Path each = folder; each != null && !Files.exists(each); each = each.getParent()) {
      missing = each;
    }
    return missing;
  }

  /** Where it is written. */
  public Path path() {
    return path;
  }

  /** Puts it in its place. Everything in it is on the disk by then. */
  public void publish() {
    Path aside = path.resolveSibling(path.getFileName() + ".old");
    try {
      if (Files.isDirectory(path)) {
        force(path);
      }
      boolean replaces = Files.exists(target);
      if (replaces) {
        Files.move(target, aside, StandardCopyOption.ATOMIC_MOVE);
      }
      try {
        Files.move(path, target, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        if (replaces) {
          Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
        }
        throw e;
      }
      published = true;
      force(target.getParent());
    } catch (IOException e) {
      throw failed(e);
    }
    delete(aside);
  }

  @Override
  public void close() {
    if (!published) {
      delete(path);
      removeMadeFolders();
    }
  }

  private void removeMadeFolders() {
    if (firstMade == null) {
      return;
    }
    try {
      for (Path each = target.getParent(); each.startsWith(firstMade); each = each.getParent()) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      // Somebody else has put something there by now.
    }
  }

  /** A folder's own entries too; Windows knows no such thing. */
  private static void force(Path folder) {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // The files themselves are on the disk, and this system orders their names by itself.
    }
  }

  /**
   * Removes a file or folder: by one rename it is gone from its place, and then deleted as far as
   * that can be. A hidden one, which no reader looks at, is deleted where it is.
   */
  public static void remove(Path path) {
    String name = path.getFileName().toString();
    Path aside = path.resolveSibling("." + name + "." + UUID.randomUUID() + ".old");
    try {
      delete(name.startsWith(".") ? path : Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE));
    } catch (IOException e) {
      // Windows moves nothing that is mapped: it stays, whole.
    }
  }

  /** As far as it can be removed; what is not there is no error. */
  private static void delete(Path path) {
    if (!Files.exists(path)) {
      return;
    }
    try {
      Files.walkFileTree(path, new Deletion());
    } catch (IOException e) {
      // Its name begins with a dot and no reader looks at it.
    }
  }

  private UncheckedIOException failed(IOException e) {
    return new UncheckedIOException("cannot write " + target + ": " + e.getMessage(), e);
  }

  private static final class Deletion extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes seen) throws IOException {
      Files.delete(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
      Files.delete(folder);
      return FileVisitResult.CONTINUE;
    }
  }
}
