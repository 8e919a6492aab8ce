package io.kerf.engine;

import io.kerf.engine.EncoderDecoderSession.Input;
import io.kerf.engine.EncoderDecoderSession.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Targets as the head scores them.
 *
 * @param asking the inputs, with the positions after which a target follows as scored ones
 * @param rows for each target, which scored position it follows; several may follow the same
 * @param tokens the targets' ids
 */
record CrossTargets(List<Input> asking, int[] rows, int[] tokens) {
  static CrossTargets of(List<Input> batch, List<Target> targets) {
    List<TreeMap<Integer, Integer>> asked = new ArrayList<>(); // by input: position -> row
    batch.forEach(input -> asked.add(new TreeMap<>()));
    targets.forEach(target -> asked.get(target.input()).put(target.position(), 0));
    List<Input> asking = new ArrayList<>();
    int rows = 0;
    for (int i = 0; i < batch.size(); i++) {
      int[] positions = asked.get(i).keySet().stream().mapToInt(Integer::intValue).toArray();
      asking.add(new Input(batch.get(i).context(), batch.get(i).decoded(), positions));
      for (int position : positions) {
        asked.get(i).put(position, rows++);
      }
    }
    return new CrossTargets(
        asking,
        targets.stream().mapToInt(t -> asked.get(t.input()).get(t.position())).toArray(),
        targets.stream().mapToInt(Target::token).toArray());
  }
}
