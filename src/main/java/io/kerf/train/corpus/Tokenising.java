package io.kerf.train.corpus;

import io.kerf.progress.Interrupted;
import io.kerf.text.Tokenizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Documents of text on their way to a file of tokens: pieces are tokenised by all cores, and come
 * out in order. Only so many are under way that memory stays what it is.
 */
final class Tokenising implements AutoCloseable {
  private static final int MOST_THREADS = 8;

  private final Tokenizer tokenizer;
  private final TokenWriter writer;
  private final String work;
  private final PieceCutter cutter;
  private final int threads = Math.min(MOST_THREADS, Runtime.getRuntime().availableProcessors());
  private final ExecutorService workers;
  private final Queue<Future<List<Piece.Ids>>> results = new ArrayDeque<>();
  private final Queue<List<Piece>> underWay = new ArrayDeque<>();
  private List<Piece> batch = new ArrayList<>();
  private int batchChars;

  /**
   * @param work what goes on, for messages and as the threads' name
   */
  Tokenising(Tokenizer tokenizer, TokenWriter writer, String work) {
    this.tokenizer = tokenizer;
    this.writer = writer;
    this.work = work;
    this.cutter = new PieceCutter(tokenizer, PieceCutter.PIECE_CHARS, this::take);
    this.workers =
        Executors.newFixedThreadPool(
            threads,
            task -> {
              Thread thread = new Thread(task, work);
              thread.setDaemon(true);
              return thread;
            });
  }

  void begin() {
    cutter.begin();
  }

  void append(CharSequence text) {
    cutter.append(text);
  }

  /** Whether the document had anything but spaces. */
  boolean end() {
    return cutter.end();
  }

  private void take(Piece piece) {
    batch.add(piece);
    batchChars += piece.text().length();
    if (batchChars >= PieceCutter.PIECE_CHARS / 2) {
      submit();
    }
  }

  private void submit() {
    while (results.size() > 2 * threads) {
      write();
    }
    List<Piece> pieces = batch;
    results.add(workers.submit(() -> pieces.stream().map(p -> p.ids(tokenizer)).toList()));
    underWay.add(pieces);
    batch = new ArrayList<>();
    batchChars = 0;
  }

  private void write() {
    Interrupted.check(work);
    List<Piece.Ids> ids;
    try {
      ids = results.remove().get();
    } catch (InterruptedException e) {
      throw new Interrupted(work + " was interrupted");
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failed) {
        throw failed;
      }
      throw new IllegalStateException(work + " failed: " + e.getCause(), e.getCause());
    }
    List<Piece> pieces = underWay.remove();
    for (int i = 0; i < pieces.size(); i++) {
      if (pieces.get(i).begins()) {
        writer.begin();
      }
      writer.add(ids.get(i).ids(), ids.get(i).from());
    }
  }

  /** Waits for what is under way and writes it. */
  void finish() {
    submit();
    while (!results.isEmpty()) {
      write();
    }
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
