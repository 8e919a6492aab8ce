package io.kerf.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a model wrote in one sequence.
 *
 * @param ids every text's prompt and what follows it, one text after another
 * @param starts where in the ids each text begins, ascending, the first at 0
 */
public record WrittenRow(int[] ids, int[] starts) {
  /** The texts apart. */
  public List<int[]> texts() {
    List<int[]> texts = new ArrayList<>();
    for (int t = 0; t < starts.length; t++) {
      int end = t + 1 < starts.length ? starts[t + 1] : ids.length;
      texts.add(Arrays.copyOfRange(ids, starts[t], end));
    }
    return texts;
  }
}
