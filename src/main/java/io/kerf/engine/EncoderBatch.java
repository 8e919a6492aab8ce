package io.kerf.engine;

import io.kerf.engine.EncoderSession.Input;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where an encoder's sequences lie: equal lengths side by side, so that each run attends in one
 * product.
 *
 * @param sorted the inputs, shortest first
 * @param runs of equal lengths
 * @param rows those of the batch that the head reads, in the order of {@code sorted}
 * @param order for each scored position in the inputs' own order, which of {@code rows} it is
 */
record EncoderBatch(List<Input> sorted, EqualLengths runs, long[] rows, int[] order) {
  static EncoderBatch of(List<Input> batch) {
    List<Integer> byLength =
        IntStream.range(0, batch.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> batch.get(i).ids().length))
            .toList();
    List<Input> sorted = byLength.stream().map(batch::get).toList();
    int[] firstRow = new int[batch.size()];
    List<Long> rows = new ArrayList<>();
    int start = 0;
    for (int s = 0; s < sorted.size(); s++) {
      Input input = sorted.get(s);
      firstRow[byLength.get(s)] = rows.size();
      for (int position : input.scored()) {
        if (position < 0 || position >= input.ids().length) {
          throw new IllegalArgumentException(
              "a scored position must be in [0, " + input.ids().length + "), was " + position);
        }
        rows.add((long) start + position);
      }
      start += input.ids().length;
    }
    int[] order =
        IntStream.range(0, batch.size())
            .flatMap(
                i -> IntStream.range(0, batch.get(i).scored().length).map(k -> firstRow[i] + k))
            .toArray();
    return new EncoderBatch(
        sorted,
        EqualLengths.of(sorted.stream().mapToInt(input -> input.ids().length).toArray()),
        rows.stream().mapToLong(Long::longValue).toArray(),
        order);
  }

  /** What the head read, in the order of the inputs. */
  float[][] inOrder(float[][] read) {
    return IntStream.of(order).mapToObj(row -> read[row]).toArray(float[][]::new);
  }
}
