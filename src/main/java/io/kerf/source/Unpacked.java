package io.kerf.source;

import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Archives that a jar holds compressed, unpacked once into Kerf's folder, where they are mapped.
 */
public final class Unpacked {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final byte[] ZIP_SIGNATURE = {'P', 'K', 3, 4};

  private Unpacked() {}

  /**
   * The one archive inside a jar, as a file of its own.
   *
   * @param jar where it lies
   * @param sha256 of the jar: another jar's archive gets another place
   * @param listener sees the unpacking, where it is not done yet
   * @throws FetchException if the jar holds none or several, is damaged, or there is no room
   */
  public static Path archiveIn(Path jar, String sha256, ProgressListener listener) {
    return archiveIn(jar, sha256, Cache.ofUser(), listener);
  }

  static Path archiveIn(Path jar, String sha256, Cache cache, ProgressListener listener) {
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      ZipEntry entry = archive(zip, jar);
      String name = Path.of(entry.getName()).getFileName().toString();
      Path target = cache.root().resolve("unpacked").resolve(sha256).resolve(name);
      if (!Files.exists(target) || Files.size(target) != entry.getSize()) {
        unpack(zip, entry, target, listener);
      }
      return target;
    } catch (IOException e) {
      throw new FetchException("cannot unpack " + jar + ": " + e.getMessage(), e);
    }
  }

  private static ZipEntry archive(ZipFile zip, Path jar) throws IOException {
    ZipEntry found = null;
    for (ZipEntry entry : Collections.list(zip.entries())) {
      if (isArchive(zip, entry)) {
        if (found != null) {
          throw new FetchException(
              jar + " holds several archives: " + List.of(found.getName(), entry.getName()));
        }
        found = entry;
      }
    }
    if (found == null) {
      throw new FetchException(jar + " holds no archive, so no model");
    }
    return found;
  }

  private static boolean isArchive(ZipFile zip, ZipEntry entry) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      return Arrays.equals(in.readNBytes(ZIP_SIGNATURE.length), ZIP_SIGNATURE);
    }
  }

  /** Writes beside the target, then moves, so that what is there is whole. */
  private static void unpack(ZipFile zip, ZipEntry entry, Path target, ProgressListener listener)
      throws IOException {
    Files.createDirectories(target.getParent());
    Path draft = Files.createTempFile(target.getParent(), "", ".part");
    String work = "Unpacking " + target.getFileName();
    try (Progress progress = listener.start(work, entry.getSize(), "bytes")) {
      try (InputStream in = zip.getInputStream(entry); // compares the checksum at the end
          OutputStream out = Files.newOutputStream(draft)) {
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int read; (read = in.read(chunk)) >= 0; ) {
          Interrupted.check(work);
          out.write(chunk, 0, read);
          progress.advance(read);
        }
      }
      Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(draft);
    }
  }
}
