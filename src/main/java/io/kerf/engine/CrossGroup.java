package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.kerf.engine.DecoderSession.Scores;
import io.kerf.engine.EncoderDecoderSession.Input;
import io.kerf.engine.EncoderDecoderSession.Target;
import java.util.ArrayList;
import java.util.List;

/**
 * A batch in several encoder-decoders that share first blocks: those of the encoder first, and
 * where they have all of them in common, those of the decoder.
 */
final class CrossGroup implements BlockTree.Passage<CrossGroup.State> {
  private final EncoderDecoderSession session;
  private final PtNDManager scratch;
  private final CrossLayout layout;
  private final NDArray rows;

  /**
   * Where a batch is.
   *
   * @param x the hidden states of the stack that runs
   * @param across what the decoder's blocks take beside them; null in the encoder
   */
  record State(NDArray x, Object[] across) {}

  private CrossGroup(
      EncoderDecoderSession session, PtNDManager scratch, CrossLayout layout, NDArray rows) {
    this.session = session;
    this.scratch = scratch;
    this.layout = layout;
    this.rows = rows;
  }

  /** What a session's head makes of hidden states. */
  interface Reading<T> {
    T of(EncoderDecoderSession session, PtNDManager scratch, NDArray hidden);
  }

  /** The logits at the inputs' scored positions, for the tree's members. */
  static void logits(
      List<EncoderDecoderSession> sessions,
      BlockTree tree,
      List<Input> batch,
      Ensemble.Told<float[][]> told) {
    if (batch.stream().allMatch(input -> input.scored().length == 0)) {
      tree.members().forEach(member -> told.told(member, new float[0][], 0));
      return;
    }
    run(sessions, tree, batch, (s, scratch, hidden) -> s.head.logits(scratch, hidden), told);
  }

  /** See {@link EncoderDecoderSession#scoreAll}, for the tree's members. */
  static void score(
      List<EncoderDecoderSession> sessions,
      BlockTree tree,
      List<Input> batch,
      List<Target> targets,
      Ensemble.Told<Scores> told) {
    if (targets.isEmpty()) {
      Scores none = new Scores(new float[0], new boolean[0]);
      tree.members().forEach(member -> told.told(member, none, 0));
      return;
    }
    targets.forEach(target -> sessions.get(0).checked(target.token()));
    CrossTargets asked = CrossTargets.of(batch, targets);
    run(
        sessions,
        tree,
        asked.asking(),
        (s, scratch, hidden) -> s.head.score(scratch, hidden, asked.rows(), asked.tokens()),
        told);
  }

  private static <T> void run(
      List<EncoderDecoderSession> sessions,
      BlockTree tree,
      List<Input> batch,
      Reading<T> reading,
      Ensemble.Told<T> told) {
    CrossLayout layout = new CrossLayout(batch);
    List<Long> read = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      for (int position : batch.get(i).scored()) {
        read.add((long) layout.row(i, position));
      }
    }
    try (PtNDManager scratch = sessions.get(tree.members().get(0)).page.scratch()) {
      NDArray rows = scratch.create(read.stream().mapToLong(Long::longValue).toArray());
      List<CrossGroup> passages =
          sessions.stream().map(s -> new CrossGroup(s, scratch, layout, rows)).toList();
      tree.run(
          passages,
          (member, x, nanos) -> {
            long start = System.nanoTime();
            EncoderDecoderSession session = sessions.get(member);
            T said = reading.of(session, scratch, session.readOut(scratch, x));
            told.told(member, said, nanos + System.nanoTime() - start);
          });
    }
  }

  @Override
  public State start() {
    return new State(session.embed(scratch, layout.encoderIds()), null);
  }

  @Override
  public State run(State state, int from, int to) {
    int encoder = session.encoderBlocks;
    State reached = state;
    if (from < Math.min(to, encoder)) {
      Object[] runs = session.encoderArguments(scratch, layout);
      int end = Math.min(to, encoder);
      reached = new State(session.run("encode", scratch, state.x(), from, end, runs), null);
    }
    if (to > Math.max(from, encoder)) {
      State crossed = reached.across() == null ? cross(reached.x()) : reached;
      int start = Math.max(from, encoder) - encoder;
      NDArray y =
          session.run("decode", scratch, crossed.x(), start, to - encoder, crossed.across());
      reached = new State(y, crossed.across());
    }
    return reached;
  }

  private State cross(NDArray x) {
    NDArray encoded =
        session.script.array(scratch, "encoded", Weights.concat(new Object[] {x}, session.shape));
    return new State(
        session.embed(scratch, layout.decoderIds()),
        session.decoderArguments(scratch, layout, encoded));
  }

  @Override
  public NDArray runLast(State state, int last) {
    return read(run(state, last, last + 1));
  }

  @Override
  public NDArray read(State state) {
    return session.script.array(scratch, "chosen", state.x(), rows);
  }
}
