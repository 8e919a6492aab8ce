package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.kerf.engine.EncoderSession.Input;
import io.kerf.model.Config;
import io.kerf.model.Role;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/** A masked model that learns. */
final class EncoderLearner implements Learner {
  private final EncoderSession session;
  private final Config config;
  private final List<Lookup> tables = new ArrayList<>();

  EncoderLearner(EncoderSession session) {
    this.session = session;
    this.config = session.model().config();
    tables.add(table(Role.TOKEN_EMBEDDING));
    tables.add(table(Role.POSITION_EMBEDDING));
    if (config.embeddings().segments() > 0) {
      tables.add(table(Role.SEGMENT_EMBEDDING));
    }
  }

  private Lookup table(Role role) {
    return Lookup.of(session.page, session.model(), role, 1);
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
    return example.ids().length;
  }

  private Input input(Example example) {
    int[] ids = example.ids();
    int[] labels = example.labels();
    if (ids.length != labels.length) {
      throw new IllegalArgumentException(
          "an example for a masked model needs as many labels as ids, got "
              + labels.length
              + " and "
              + ids.length);
    }
    int[] scored =
        IntStream.range(0, ids.length).filter(i -> labels[i] != Example.IGNORED).toArray();
    return new Input(ids, new int[ids.length], scored);
  }

  @Override
  public Passed forward(
      PtNDManager scratch, Trail trail, List<Example> examples, Set<Integer> watched) {
    List<Example> sorted =
        examples.stream().sorted(Comparator.comparingInt(e -> e.ids().length)).toList();
    EncoderBatch laid = EncoderBatch.of(sorted.stream().map(this::input).toList());
    long[] labels =
        sorted.stream()
            .flatMapToInt(e -> IntStream.of(e.labels()).filter(l -> l != Example.IGNORED))
            .mapToLong(l -> ScoredRows.checkedToken(l, config.vocabulary()))
            .toArray();
    long[] owners =
        IntStream.range(0, sorted.size())
            .flatMap(e -> IntStream.generate(() -> e).limit(counted(sorted.get(e))))
            .asLongStream()
            .toArray();
    NDArray summed = trail.look(tables, session.places(scratch, laid.sorted()));
    NDArray x = trail.drop(trail.passOnce(summed, in -> session.normed(scratch, in)));
    int last = session.model().blocks().size() - 1;
    Trail.Stage block = (in, b) -> session.run(scratch, in, b, b + 1, laid.runs());
    x = trail.through(x, 0, last, watched, block);
    if (watched.contains(last)) {
      NDArray read = scratch.create(laid.rows());
      x = trail.through(x, last, last + 1, watched, block);
      x = trail.passOnce(x, in -> page().script.array(scratch, "chosen", in, read));
    } else {
      x = trail.pass(x, in -> session.runLast(scratch, in, last, laid));
    }
    return new Passed(trail.passOnce(x, in -> session.readOut(scratch, in)), labels, owners);
  }
}
