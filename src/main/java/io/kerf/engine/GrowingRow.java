package io.kerf.engine;

import io.kerf.engine.Sampler.AfterEos;
import io.kerf.model.Config.SpecialIds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A sequence that is being written, and the texts in it. */
final class GrowingRow {
  private final int[] prompt;
  private final AfterEos then;
  private final SpecialIds special;
  private final int[] ids;
  private final List<Integer> starts = new ArrayList<>(List.of(0));
  private int count;
  private int given; // tokens of the prompt that stand in the current text
  private int end = -1; // where it stopped

  GrowingRow(int[] prompt, int newTokens, AfterEos then, SpecialIds special) {
    this.prompt = prompt;
    this.then = then;
    this.special = special;
    this.ids = Arrays.copyOf(prompt, prompt.length + newTokens);
    this.count = prompt.length;
    this.given = prompt.length;
  }

  /** Takes the token drawn, or what the prompt of a text that begins has in its place. */
  void add(int drawn) {
    if (given < prompt.length) {
      if (given == 0) {
        starts.add(count);
      }
      ids[count++] = prompt[given++];
      return;
    }
    boolean ends = drawn == special.eos();
    if (then == AfterEos.BEGIN_ANEW) {
      // A model that ends a text with the token that it begins one with says both at once.
      boolean begins = drawn == prompt[0] && (ends || drawn == special.bos());
      if (begins) {
        starts.add(count);
      }
      given = begins ? 1 : ends ? 0 : given;
    } else if (then == AfterEos.STOP && ends && !ended()) {
      end = count;
    }
    ids[count++] = drawn;
  }

  /** How many tokens it has. */
  int count() {
    return count;
  }

  int id(int place) {
    return ids[place];
  }

  /** Where the current text begins. */
  int start() {
    return starts.get(starts.size() - 1);
  }

  /** How many texts have begun. */
  int texts() {
    return starts.size();
  }

  boolean ended() {
    return end >= 0;
  }

  WrittenRow written() {
    int[] begun = starts.stream().mapToInt(Integer::intValue).toArray();
    return new WrittenRow(Arrays.copyOf(ids, ended() ? end : count), begun);
  }
}
