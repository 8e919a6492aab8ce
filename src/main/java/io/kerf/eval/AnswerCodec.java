package io.kerf.eval;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * How a kept answer lies in a file: its length (4 bytes, of what follows up to the checksum), the
 * request's key (32), tokens and nanoseconds (8 each), the kind of answer (1), the answer, a
 * CRC-32C of all that (4). A likelihood takes 74 bytes, a cloze 93 and 12 for each of its guesses.
 */
final class AnswerCodec {
  private static final int OVERHEAD = 4 + 4;
  private static final int SMALLEST = AnswerKey.BYTES + 8 + 8 + 1;

  /** Longer than any record: a length above it is damage. */
  static final int LARGEST = 1 << 20;

  private static final byte LIKELIHOOD = 'L';
  private static final byte CLOZE = 'C';

  private AnswerCodec() {}

  /** A record as it lies in a file. */
  record Entry(AnswerKey key, Kept kept) {}

  /** Why bytes are no record. */
  enum Flaw {
    /** The record goes beyond the end: what a process leaves that was killed while it wrote. */
    TORN,
    DAMAGED
  }

  /** A record that was read, or why there is none. */
  record Read(Optional<Entry> entry, Optional<Flaw> flaw) {
    private static Read failed(Flaw flaw) {
      return new Read(Optional.empty(), Optional.of(flaw));
    }
  }

  static byte[] encode(Entry entry) {
    int size = SMALLEST + answerBytes(entry.kept().answer());
    ByteBuffer bytes = ByteBuffer.allocate(size + OVERHEAD).putInt(size);
    entry.key().write(bytes);
    bytes.putDouble(entry.kept().tokens()).putDouble(entry.kept().nanos());
    write(entry.kept().answer(), bytes);
    bytes.putInt(checksum(bytes.array(), 0, 4 + size));
    return bytes.array();
  }

  private static int answerBytes(Answer answer) {
    if (answer instanceof Answer.Cloze cloze) {
      return 2 * 8 + 5 * 4 + 12 * cloze.top().size();
    }
    return 8 + 4 + 1 + 4;
  }

  private static void write(Answer answer, ByteBuffer bytes) {
    if (answer instanceof Answer.Likelihood likelihood) {
      bytes
          .put(LIKELIHOOD)
          .putDouble(likelihood.logLikelihood())
          .putInt(likelihood.tokens())
          .put((byte) (likelihood.greedy() ? 1 : 0))
          .putInt(likelihood.droppedContextTokens());
    } else if (answer instanceof Answer.Cloze cloze) {
      bytes
          .put(CLOZE)
          .putDouble(cloze.logProbability())
          .putInt(cloze.rank())
          .putInt(cloze.rankAmongWrong())
          .putInt(cloze.rankInVocabulary())
          .putInt(cloze.best())
          .putDouble(cloze.bestLogProbability())
          .putInt(cloze.top().size());
      cloze.top().forEach(g -> bytes.putInt(g.token()).putDouble(g.logProbability()));
    } else {
      throw new IllegalArgumentException("no file holds a " + answer.getClass().getSimpleName());
    }
  }

  private static Answer answer(ByteBuffer bytes) {
    byte kind = bytes.get();
    if (kind == LIKELIHOOD) {
      return new Answer.Likelihood(
          bytes.getDouble(), bytes.getInt(), bytes.get() == 1, bytes.getInt());
    }
    if (kind != CLOZE) {
      throw new IllegalArgumentException("no answer is of kind " + kind);
    }
    double logProbability = bytes.getDouble();
    int rank = bytes.getInt();
    int rankAmongWrong = bytes.getInt();
    int rankInVocabulary = bytes.getInt();
    int best = bytes.getInt();
    double bestLogProbability = bytes.getDouble();
    int guesses = bytes.getInt();
    if (guesses != bytes.remaining() / 12) {
      throw new IllegalArgumentException(guesses + " guesses do not fill the record");
    }
    List<Answer.Guess> top = new ArrayList<>();
    for (int i = 0; i < guesses; i++) {
      top.add(new Answer.Guess(bytes.getInt(), bytes.getDouble()));
    }
    return new Answer.Cloze(
        logProbability, rank, rankAmongWrong, rankInVocabulary, best, bestLogProbability, top);
  }

  /** Reads the record at the buffer's position and moves behind it, if there is a whole one. */
  static Read decode(ByteBuffer bytes) {
    if (bytes.remaining() < 4) {
      return Read.failed(Flaw.TORN);
    }
    int start = bytes.position();
    int size = bytes.getInt(start);
    if (size < SMALLEST || size > LARGEST) {
      return Read.failed(Flaw.DAMAGED);
    }
    if (bytes.remaining() < size + OVERHEAD) {
      return Read.failed(Flaw.TORN);
    }
    int end = start + 4 + size;
    if (bytes.getInt(end) != checksum(bytes.array(), bytes.arrayOffset() + start, 4 + size)) {
      return Read.failed(Flaw.DAMAGED);
    }
    try {
      ByteBuffer own = bytes.slice(start + 4, size);
      AnswerKey key = AnswerKey.read(own);
      double tokens = own.getDouble();
      double nanos = own.getDouble();
      Kept kept = new Kept(answer(own), tokens, nanos);
      if (own.hasRemaining()) {
        return Read.failed(Flaw.DAMAGED);
      }
      bytes.position(end + 4);
      return new Read(Optional.of(new Entry(key, kept)), Optional.empty());
    } catch (IllegalArgumentException | BufferUnderflowException e) {
      return Read.failed(Flaw.DAMAGED);
    }
  }

  static int checksum(byte[] bytes, int from, int count) {
    CRC32C sum = new CRC32C();
    sum.update(bytes, from, count);
    return (int) sum.getValue();
  }
}
