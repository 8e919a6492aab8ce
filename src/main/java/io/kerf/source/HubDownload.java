package io.kerf.source;

import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/**
 * Brings one file's content into the cache: goes on where an earlier download stopped, and puts it
 * in its place only once its hash is right.
 *
 * @param http asks the hub
 * @param api knows addresses and refusals
 * @param cache where it goes
 * @param repo whose file it is
 * @param work how messages name the download: "Downloading org/name"
 * @param file what it must be
 * @param address where its bytes are
 * @param total counts the bytes of all files that are here
 * @param note told what is waited for
 */
record HubDownload(
    HubHttp http,
    HubApi api,
    HubCache cache,
    HubRepo repo,
    String work,
    HubFile file,
    URI address,
    AtomicLong total,
    Consumer<String> note) {

  /** Downloads it, if it is not here yet; on a thread that may be interrupted. */
  void run() throws InterruptedException {
    Path blob = cache.blob(repo, file);
    try (ModelLock lock =
        ModelLock.acquire(
            cache.lock(repo, file),
            work,
            () -> note.accept("waiting for another process that downloads " + file.name()))) {
      note.accept(file.name());
      if (isHere(blob)) { // another brought it
        total.addAndGet(file.sizeBytes());
        return;
      }
      Path part = cache.incomplete(repo, file);
      boolean afresh = !Files.exists(part);
      try {
        fill(part);
        while (!isRight(part, afresh)) {
          afresh = true;
          fill(part);
        }
        Files.move(part, blob, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        throw cache.unwritable(e);
      }
    }
  }

  /** Whether that content is in the cache: a name says which, a length that it is all there. */
  boolean isHere(Path blob) {
    try {
      return Files.size(blob) == file.sizeBytes();
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Whether the part has the content that it must have; another one is thrown away.
   *
   * @param afresh whether all of it came now, so that there is no use in trying again
   */
  private boolean isRight(Path part, boolean afresh) throws IOException {
    try {
      file.check(part);
      return true;
    } catch (FetchException e) {
      Files.delete(part);
      if (afresh) {
        throw damaged(e);
      }
      total.addAndGet(-file.sizeBytes());
      return false;
    }
  }

  private FetchException damaged(FetchException e) {
    return new FetchException(
        repo.id()
            + ": "
            + e.getMessage()
            + "; it was thrown away. Load again; if it stays so, what stands between here and "
            + http.endpoint().base()
            + " changes files",
        e);
  }

  /** Asks until all bytes are in the part; a failure counts only if nothing came before it. */
  private void fill(Path part) throws IOException, InterruptedException {
    Patience.Failures failures = http.patience().failures();
    long counted = 0; // in the total
    long furthest = 0;
    try (FileChannel out =
        FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      if (out.size() > file.sizeBytes()) {
        out.truncate(0);
      }
      while (out.size() < file.sizeBytes()) {
        total.addAndGet(out.size() - counted);
        counted = out.size();
        furthest = Math.max(furthest, counted);
        long before = furthest;
        Writer writer = new Writer(out, counted);
        try (HubHttp.Answer answer = http.send("GET", address, counted)) {
          if (answer.transientFailure()) {
            answer.close(); // before the pause
            failures.add(http.refused(answer, file.name()), answer.retryAfter(), null);
          } else {
            writer.take(answer);
            counted = writer.at;
          }
        } catch (WriteException e) {
          throw e.failure;
        } catch (IOException e) {
          counted = writer.at;
          furthest = Math.max(furthest, counted);
          if (furthest > before) {
            failures.forget();
          }
          http.failed(failures, e, file.name());
        }
      }
      total.addAndGet(out.size() - counted);
    }
  }

  /** The disk failed, not the network: that is not tried again. */
  private static final class WriteException extends IOException {
    final IOException failure;

    WriteException(IOException failure) {
      super(failure);
      this.failure = failure;
    }
  }

  /** Writes an answer's bytes to the part and counts them. */
  private final class Writer {
    private final FileChannel out;
    long at; // where the next byte goes; what the total has of this file

    Writer(FileChannel out, long at) {
      this.out = out;
      this.at = at;
    }

    void take(HubHttp.Answer answer) throws IOException, InterruptedException {
      begin(answer);
      out.position(at);
      for (List<ByteBuffer> chunk;
          (chunk = answer.body().next(http.patience().silence())) != null; ) {
        for (ByteBuffer bytes : chunk) {
          if (bytes.remaining() > file.sizeBytes() - at) {
            restart();
            throw new FetchException(
                repo.id()
                    + ": "
                    + file.name()
                    + " comes with more than the "
                    + file.sizeBytes()
                    + " bytes that the hub says it has; check HF_ENDPOINT, or try again later");
          }
          int size = bytes.remaining();
          write(bytes);
          at += size;
          total.addAndGet(size);
        }
      }
      if (at < file.sizeBytes()) {
        throw new IOException("ended after " + at + " of " + file.sizeBytes() + " bytes");
      }
    }

    /** Sees where the answer begins: a server need not heed the Range. */
    private void begin(HubHttp.Answer answer) throws IOException {
      if (answer.status() == 206) {
        String range = answer.headers().firstValue("Content-Range").orElse("");
        if (!range.startsWith("bytes " + at + "-")) {
          throw new IOException("bytes from " + at + " were asked for, sent were '" + range + "'");
        }
      } else if (answer.status() == 200) {
        restart();
      } else if (answer.status() == 416) {
        restart();
        throw new IOException("the bytes to go on with were refused");
      } else {
        throw api.refusal(answer, file.name());
      }
    }

    private void restart() throws WriteException {
      total.addAndGet(-at);
      at = 0;
      try {
        out.truncate(0);
      } catch (IOException e) {
        throw new WriteException(e);
      }
    }

    private void write(ByteBuffer bytes) throws WriteException {
      try {
        while (bytes.hasRemaining()) {
          out.write(bytes);
        }
      } catch (IOException e) {
        throw new WriteException(e);
      }
    }
  }
}
