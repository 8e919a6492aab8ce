package io.kerf.source;

import io.kerf.progress.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Brings the bytes at an address into a file and goes on where an earlier download stopped.
 *
 * @param name what is asked for, for messages
 */
record ArchiveDownload(
    HubHttp http, URI address, String name, ArchiveLimits limits, Progress progress) {

  /** Asks until the server has sent all; a failure counts only if nothing came before it. */
  void fill(Path part) throws IOException, InterruptedException {
    Patience.Failures failures = http.patience().failures();
    try (FileChannel out =
        FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long furthest = 0;
      while (true) {
        long before = Math.max(furthest, out.size());
        try (HubHttp.Answer answer = http.send("GET", address, out.size())) {
          if (answer.transientFailure()) {
            answer.close(); // before the pause
            failures.add(http.refused(answer, name), answer.retryAfter(), null);
          } else if (isEnd(answer, out)) {
            return;
          } else {
            take(answer, out);
            return;
          }
        } catch (UncheckedIOException e) { // the disk's: that is not tried again
          throw e.getCause();
        } catch (IOException e) {
          furthest = Math.max(before, out.size());
          if (furthest > before) {
            failures.forget();
          }
          http.failed(failures, e, name);
        }
      }
    }
  }

  /** Whether an answer says that what is here is all there is. */
  private boolean isEnd(HubHttp.Answer answer, FileChannel out) throws IOException {
    if (answer.status() != 416) {
      return false;
    }
    String whole = answer.headers().firstValue("Content-Range").orElse("");
    if (whole.equals("bytes */" + size(out)) && size(out) > 0) {
      return true;
    }
    truncate(out);
    throw new IOException("the bytes to go on with were refused");
  }

  private void take(HubHttp.Answer answer, FileChannel out)
      throws IOException, InterruptedException {
    long at = size(out);
    if (answer.status() == 200) {
      truncate(out); // the server does not heed the Range, or none was asked for
      at = 0;
    } else if (answer.status() != 206) {
      throw new FetchException(
          http.refused(answer, name) + "; check the address, or try again later");
    } else {
      String range = answer.headers().firstValue("Content-Range").orElse("");
      if (!range.startsWith("bytes " + at + "-")) {
        throw new IOException("bytes from " + at + " were asked for, sent were '" + range + "'");
      }
    }
    long promised =
        answer.headers().firstValueAsLong("Content-Length").orElse(-1); // -1: until it ends
    long end = promised < 0 ? -1 : at + promised;
    for (List<ByteBuffer> chunk;
        (chunk = answer.body().next(http.patience().silence())) != null; ) {
      for (ByteBuffer bytes : chunk) {
        if (bytes.remaining() > limits.archiveBytes() - at) {
          truncate(out);
          throw new FetchException(
              name
                  + " is longer than "
                  + limits.archiveBytes()
                  + " bytes; it is not downloaded further");
        }
        at += bytes.remaining();
        progress.advance(bytes.remaining());
        write(out, bytes);
      }
    }
    if (end >= 0 && at < end) {
      throw new IOException("ended after " + at + " of " + end + " bytes");
    }
  }

  private static void write(FileChannel out, ByteBuffer bytes) {
    try {
      while (bytes.hasRemaining()) {
        out.write(bytes, out.size());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(FileChannel out) {
    try {
      return out.size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void truncate(FileChannel out) {
    try {
      out.truncate(0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
