package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.kerf.engine.EncoderDecoderSession.Input;
import io.kerf.model.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** An encoder-decoder that learns. */
final class CrossLearner implements Learner {
  private final EncoderDecoderSession session;
  private final Lookup tokens;

  CrossLearner(EncoderDecoderSession session) {
    this.session = session;
    tokens = Lookup.of(session.page, session.model(), Role.TOKEN_EMBEDDING, 1);
  }

  @Override
  public Page page() {
    return session.page;
  }

  @Override
  public Head head() {
    return session.head;
  }

  @Override
  public int counted(Example example) {
    return (int) IntStream.of(example.labels()).filter(l -> l != Example.IGNORED).count();
  }

  @Override
  public int read(Example example) {
    return example.ids().length + example.labels().length;
  }

  @Override
  public Passed forward(
      PtNDManager scratch, Trail trail, List<Example> examples, Set<Integer> watched) {
    List<Example> sorted =
        examples.stream().sorted(Comparator.comparingInt(e -> e.labels().length)).toList();
    CrossLayout layout =
        new CrossLayout(
            sorted.stream()
                .map(e -> new Input(e.ids(), session.decoderInput(e.labels())))
                .toList());
    List<Long> rows = new ArrayList<>();
    List<Long> labels = new ArrayList<>();
    List<Long> owners = new ArrayList<>();
    for (int e = 0; e < sorted.size(); e++) {
      int[] said = sorted.get(e).labels();
      for (int i = 0; i < said.length; i++) {
        if (said[i] != Example.IGNORED) {
          rows.add((long) layout.row(e, i));
          labels.add((long) session.checked(said[i]));
          owners.add((long) e);
        }
      }
    }
    NDArray memory = trail.shared(encode(scratch, trail, layout, watched));
    NDArray bias = trail.source(none -> session.decoderBias(scratch, layout));
    NDArray x = look(scratch, trail, layout.decoderIds());
    Object[] crossing = Weights.concat(new Object[] {memory, bias}, layout.arguments());
    int before = session.encoderBlocks;
    x =
        trail.through(
            x,
            before,
            session.model().blocks().size(),
            watched,
            (in, b) -> session.run("decode", scratch, in, b - before, b - before + 1, crossing));
    NDArray read = scratch.create(DecoderLearner.longs(rows));
    x = trail.passOnce(x, in -> session.script.array(scratch, "chosen", in, read));
    x = trail.passOnce(x, in -> session.readOut(scratch, in));
    return new Passed(trail.drop(x), DecoderLearner.longs(labels), DecoderLearner.longs(owners));
  }

  private NDArray encode(
      PtNDManager scratch, Trail trail, CrossLayout layout, Set<Integer> watched) {
    NDArray bias = trail.source(none -> session.encoderBias(scratch, layout));
    NDArray x = look(scratch, trail, layout.encoderIds());
    Object[] runs = Weights.concat(new Object[] {bias}, layout.encoderRuns().arguments());
    x =
        trail.through(
            x,
            0,
            session.encoderBlocks,
            watched,
            (in, b) -> session.run("encode", scratch, in, b, b + 1, runs));
    return trail.drop(trail.passOnce(x, in -> session.encoded(scratch, in)));
  }

  private NDArray look(PtNDManager scratch, Trail trail, int[] ids) {
    IntStream.of(ids).forEach(session::checked);
    NDArray rows = DecoderLearner.indices(scratch, ids, 0);
    return trail.drop(trail.look(List.of(tokens), List.of(rows)));
  }
}
