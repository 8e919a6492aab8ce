package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.kerf.model.Config;
import io.kerf.model.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** A causal model that learns. */
final class DecoderLearner implements Learner {
  private final DecoderSession session;
  private final Config config;
  private final Lookup tokens;
  private final Lookup positions; // or null

  DecoderLearner(DecoderSession session) {
    this.session = session;
    this.config = session.model().config();
    double scale = config.embeddings().scale();
    tokens = Lookup.of(session.page, session.model(), Role.TOKEN_EMBEDDING, scale);
    positions =
        config.learnsPositions()
            ? Lookup.of(session.page, session.model(), Role.POSITION_EMBEDDING, 1)
            : null;
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
    return (int) IntStream.of(example.labels()).skip(1).filter(l -> l != Example.IGNORED).count();
  }

  @Override
  public int read(Example example) {
    return example.ids().length;
  }

  private void check(Example example) {
    if (example.ids().length != example.labels().length) {
      throw new IllegalArgumentException(
          "an example for a causal model needs as many labels as ids, got "
              + example.labels().length
              + " and "
              + example.ids().length);
    }
    if (positions != null && example.ids().length > config.maxPositions()) {
      throw new IllegalArgumentException(
          "an example has "
              + example.ids().length
              + " tokens, the model learned "
              + config.maxPositions()
              + " positions: train with a shorter context");
    }
  }

  @Override
  public Passed forward(
      PtNDManager scratch, Trail trail, List<Example> examples, Set<Integer> watched) {
    examples.forEach(this::check);
    List<Example> sorted =
        examples.stream().sorted(Comparator.comparingInt(e -> e.ids().length)).toList();
    TreeBatch batch = new TreeBatch(sorted.stream().map(e -> TokenTree.chain(e.ids())).toList(), 0);
    List<Long> rows = new ArrayList<>();
    List<Long> labels = new ArrayList<>();
    List<Long> owners = new ArrayList<>();
    for (int e = 0; e < sorted.size(); e++) {
      int[] said = sorted.get(e).labels();
      for (int i = 1; i < said.length; i++) {
        if (said[i] != Example.IGNORED) {
          rows.add((long) batch.row(e, i - 1));
          labels.add((long) ScoredRows.checkedToken(said[i], config.vocabulary()));
          owners.add((long) e);
        }
      }
    }
    Object[] layout = session.layout(scratch, null, batch);
    NDArray x = embed(scratch, trail, batch);
    int last = session.model().blocks().size() - 1;
    Trail.Stage block = (in, b) -> session.run(scratch, in, b, b + 1, batch.size(), layout);
    NDArray read = scratch.create(longs(rows));
    x = trail.through(x, 0, last, watched, block);
    if (watched.contains(last)) {
      x = trail.through(x, last, last + 1, watched, block);
      x = trail.passOnce(x, in -> session.script.array(scratch, "chosen", in, read));
    } else {
      x = trail.pass(x, in -> session.runLast(scratch, in, last, read, layout));
    }
    return new Passed(
        trail.passOnce(x, in -> session.readOut(scratch, in)), longs(labels), longs(owners));
  }

  private NDArray embed(PtNDManager scratch, Trail trail, TreeBatch batch) {
    for (int id : batch.ids()) {
      ScoredRows.checkedToken(id, config.vocabulary());
    }
    NDArray ids = indices(scratch, batch.ids(), 0);
    NDArray places = indices(scratch, batch.positions(), config.embeddings().positionOffset());
    NDArray x;
    if (session.widens()) {
      x =
          trail.passOnce(
              trail.look(List.of(tokens), List.of(ids)), in -> session.widen(scratch, in));
      x = positions == null ? x : trail.add(x, positions, places);
    } else if (positions == null) {
      x = trail.look(List.of(tokens), List.of(ids));
    } else {
      x = trail.look(List.of(tokens, positions), List.of(ids, places));
    }
    return trail.drop(x);
  }

  static NDArray indices(PtNDManager scratch, int[] numbers, int offset) {
    return scratch.create(IntStream.of(numbers).mapToLong(n -> n + (long) offset).toArray());
  }

  static long[] longs(List<Long> numbers) {
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }
}
