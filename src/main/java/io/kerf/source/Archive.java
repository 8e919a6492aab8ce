package io.kerf.source;

import io.kerf.progress.Interrupted;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A ZIP archive from outside, unpacked: entries that lead elsewhere or grow too large are not. */
final class Archive {
  private static final int CHUNK_BYTES = 1 << 20;

  private Archive() {}

  /**
   * Writes all files of an archive into an empty folder.
   *
   * @param name the archive's, for messages
   * @return {@code folder}
   * @throws FetchException if it is no ZIP archive, or holds more than the limits, a name twice, or
   *     one that could lead out of the folder; some files may be in the folder by then
   */
  static Path unpack(Path archive, String name, Path folder, ArchiveLimits limits)
      throws IOException {
    try (ZipFile zip = open(archive, name)) {
      List<? extends ZipEntry> entries = Collections.list(zip.entries());
      if (entries.size() > limits.entries()) {
        throw new FetchException(
            name
                + " holds "
                + entries.size()
                + " entries, more than "
                + limits.entries()
                + "; it is not unpacked");
      }
      Set<String> seen = new HashSet<>();
      long left = limits.unpackedBytes();
      for (ZipEntry entry : entries) {
        String path = SafeName.check("an entry of " + name, entry.getName().replaceFirst("/$", ""));
        if (!seen.add(path)) {
          throw twice(name, path);
        }
        if (!entry.isDirectory()) {
          left = write(zip, entry, folder.resolve(path), name, limits, left);
        }
      }
      return folder;
    }
  }

  private static FetchException twice(String name, String path) {
    return new FetchException(name + " holds " + path + " twice; it is not unpacked");
  }

  private static ZipFile open(Path archive, String name) {
    try {
      return new ZipFile(archive.toFile());
    } catch (IOException e) {
      throw new FetchException(name + " is no ZIP archive (" + e.getMessage() + ")", e);
    }
  }

  /** Copies an entry, counting what really comes: what the entry says of itself may be wrong. */
  private static long write(
      ZipFile zip, ZipEntry entry, Path to, String name, ArchiveLimits limits, long left)
      throws IOException {
    try {
      Files.createDirectories(to.getParent());
    } catch (FileAlreadyExistsException e) { // a file has the folder's name
      throw twice(name, entry.getName());
    }
    byte[] chunk = new byte[CHUNK_BYTES];
    try (OutputStream out = Files.newOutputStream(to, StandardOpenOption.CREATE_NEW);
        InputStream in = zip.getInputStream(entry)) {
      for (int read; (read = read(in, chunk, entry, name)) >= 0; left -= read) {
        Interrupted.check("Unpacking " + name);
        if (read > left) {
          throw new FetchException(
              name
                  + " unpacks to more than "
                  + limits.unpackedBytes()
                  + " bytes; it is not unpacked");
        }
        out.write(chunk, 0, read);
      }
    }
    return left;
  }

  private static int read(InputStream in, byte[] chunk, ZipEntry entry, String name) {
    try {
      return in.read(chunk);
    } catch (IOException e) {
      throw new FetchException(
          name + ": " + entry.getName() + " cannot be unpacked (" + e.getMessage() + ")", e);
    }
  }
}
