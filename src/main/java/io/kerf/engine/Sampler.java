package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDManager;
import io.kerf.progress.Interrupted;
import io.kerf.progress.Progress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes text by drawing tokens: many sequences side by side, a token of each at a time. Sequences
 * do not see each other, and what is written in one does not depend on how many there are (up to
 * the rounding of logits).
 */
public final class Sampler {
  /** What follows the end-of-sequence token. */
  public enum AfterEos {
    /** Nothing: the sequence ends before it. */
    STOP,
    /** What the model says next. */
    GO_ON,
    /** Another text, which begins with the prompt again and sees nothing of those before it. */
    BEGIN_ANEW
  }

  private final DecoderSession session;
  private final TokenSampling sampling;

  /** Draws tokens of the session's model. */
  public Sampler(DecoderSession session, TokenSampling sampling) {
    this.session = session;
    this.sampling = sampling;
  }

  /** How many bytes of keys and values a sequence of so many tokens holds. */
  public long bytesPerSequence(int tokens) {
    var attention = session.model().config().attention();
    return 2L
        * Float.BYTES
        * tokens
        * attention.keyValueHeads()
        * attention.headWidth()
        * session.model().blocks().size();
  }

  /**
   * Writes sequences.
   *
   * @param prompt what each begins with, at least one token
   * @param newTokens how many each gets after it, at most
   * @param first number of the first sequence, which decides what is drawn in it
   * @param sequences how many
   * @param progress told of every new token
   * @return a row for each
   * @throws IllegalStateException if the model's logits are no numbers
   */
  public List<WrittenRow> write(
      int[] prompt, int newTokens, AfterEos then, long first, int sequences, Progress progress) {
    if (newTokens < 1 || sequences < 1 || first < 0) {
      throw new IllegalArgumentException(
          "at least 1 token, 1 sequence and a first number of 0 are needed, were "
              + newTokens
              + ", "
              + sequences
              + " and "
              + first);
    }
    session.requireRoom(prompt, newTokens);
    var special = session.model().config().special();
    List<GrowingRow> rows = new ArrayList<>();
    for (int i = 0; i < sequences; i++) {
      rows.add(new GrowingRow(prompt, newTokens, then, special));
    }
    try (PtNDManager scratch = session.page.scratch()) {
      Caches caches = new Caches(scratch, sequences, prompt.length + newTokens);
      NDArray hidden = begin(scratch, caches, prompt, sequences);
      for (int place = 0; ; place++) {
        Interrupted.check("writing text");
        try (PtNDManager step = (PtNDManager) scratch.newSubManager()) {
          int[] tokens = session.head.drawn(step, hidden, numbers(first, place, rows), sampling);
          hidden.close();
          for (int i = 0; i < sequences; i++) {
            rows.get(i).add(checked(tokens[i], first + i, place));
          }
          progress.advance(sequences);
          if (place == newTokens - 1 || rows.stream().allMatch(row -> row.ended())) {
            return rows.stream().map(GrowingRow::written).toList();
          }
          hidden = advance(scratch, step, caches, rows);
        }
      }
    }
  }

  /** Reads the prompt once, for all: what the head reads after it (B, D). */
  private NDArray begin(PtNDManager scratch, Caches caches, int[] prompt, int sequences) {
    try (PtNDManager once = (PtNDManager) scratch.newSubManager()) {
      List<NDArray> keys = session.cache(once, prompt.length);
      List<NDArray> values = session.cache(once, prompt.length);
      NDArray x = session.embed(once, prompt, DecoderSession.positions(0, prompt.length));
      NDArray last = session.last(once, x, 0, keys, values);
      session.script.run("begin", keys, caches.keys);
      session.script.run("begin", values, caches.values);
      return session.script.array(scratch, "repeated", last, sequences);
    }
  }

  private NDArray advance(
      PtNDManager owner, PtNDManager step, Caches caches, List<GrowingRow> rows) {
    int past = rows.get(0).count() - 1;
    int[] ids = rows.stream().mapToInt(row -> row.id(past)).toArray();
    int[] positions = rows.stream().mapToInt(row -> past - row.start()).toArray();
    NDArray x = session.embed(step, ids, positions);
    NDArray at = step.create(Arrays.stream(positions).asLongStream().toArray());
    Object[] own = {x, past, at, caches.hidden(rows), caches.turns, caches.keys, caches.values};
    NDArray out = session.script.array(step, "advance", session.page.arguments(own));
    NDArray read = session.readOut(step, out);
    read.attach(owner); // it outlives the step
    return read;
  }

  private double[] numbers(long first, int place, List<GrowingRow> rows) {
    double[] numbers = new double[rows.size()];
    Arrays.setAll(numbers, i -> sampling.number(first + i, place));
    return numbers;
  }

  private int checked(int token, long sequence, int place) {
    if (token < 0) {
      throw new IllegalStateException(
          session.model().lineage().name()
              + ": the logits of sequence "
              + sequence
              + " after "
              + place
              + " new tokens are no numbers, so nothing can be drawn from them; are the weights"
              + " finite?");
    }
    return token;
  }

  /** What blocks keep of every sequence, and what each of these does not see of its own. */
  private final class Caches {
    final List<NDArray> keys; // (B, K, S, E) for each block
    final List<NDArray> values;
    final List<NDArray> turns;
    private final PtNDManager owner;
    private final int capacity;
    private NDArray hidden; // (B, S), or empty
    private int begun; // texts that those in hidden were

    Caches(PtNDManager owner, int sequences, int capacity) {
      this.owner = owner;
      this.capacity = capacity;
      keys = session.cache(owner, sequences, capacity);
      values = session.cache(owner, sequences, capacity);
      turns = session.rotations(capacity);
      hidden = owner.create(new float[0]);
      begun = sequences;
    }

    /** Earlier texts of a row are hidden from the one that is being written. */
    NDArray hidden(List<GrowingRow> rows) {
      int texts = rows.stream().mapToInt(row -> row.texts()).sum();
      if (texts > begun) {
        float[] mask = new float[rows.size() * capacity];
        for (int i = 0; i < rows.size(); i++) {
          int from = i * capacity;
          Arrays.fill(mask, from, from + rows.get(i).start(), Float.NEGATIVE_INFINITY);
        }
        hidden.close();
        hidden = owner.create(mask, new Shape(rows.size(), capacity));
        begun = texts;
      }
      return hidden;
    }
  }
}
