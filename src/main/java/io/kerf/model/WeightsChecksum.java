package io.kerf.model;

import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import io.kerf.progress.ProgressListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** SHA-256 of the files that hold a model's weights, hexadecimal. */
public final class WeightsChecksum {
  private static final int CHUNK_BYTES = 1 << 20;
  private static final long SHOWN_BYTES = 200L << 20; // below, it takes a blink

  private WeightsChecksum() {}

  /** One file's hash, or the hash of the sorted lines of several files' hashes. */
  public static String of(List<Path> files, String name, ProgressListener listener) {
    long bytes = files.stream().mapToLong(WeightsChecksum::size).sum();
    ProgressListener shown = bytes < SHOWN_BYTES ? ProgressListener.NONE : listener;
    try (Progress progress = shown.start("sha256 of " + name, bytes, "bytes")) {
      return of(files.stream().map(file -> of(file, progress)).toList());
    }
  }

  /** What stands for all of them: one file's hash, or the hash of the sorted lines of hashes. */
  static String of(Collection<String> hashes) {
    return hashes.size() == 1
        ? hashes.iterator().next()
        : hex(
            sha256()
                .digest(
                    hashes.stream()
                        .sorted()
                        .collect(Collectors.joining("\n"))
                        .getBytes(StandardCharsets.UTF_8)));
  }

  private static String of(Path file, Progress progress) {
    MessageDigest digest = sha256();
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK_BYTES);
    try (FileChannel channel = FileChannel.open(file)) {
      while (channel.read(chunk.clear()) >= 0) {
        progress.advance(chunk.position());
        digest.update(chunk.flip());
        Interrupted.check("reading " + file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
    return hex(digest.digest());
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  static String hex(byte[] digest) {
    return HexFormat.of().formatHex(digest);
  }
}
