package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.kerf.engine.DecoderSession.Node;
import io.kerf.engine.DecoderSession.Scores;
import io.kerf.engine.DecoderSession.Target;
import java.util.List;

/** A batch of trees in several decoders that share first blocks. */
final class DecoderGroup implements BlockTree.Passage<NDArray> {
  private final DecoderSession session;
  private final PtNDManager scratch;
  private final List<TokenTree> batch;
  private final int[] starts;
  private final long[] read;
  private final Object[] layout; // one for all: see layoutOf

  private DecoderGroup(
      DecoderSession session,
      PtNDManager scratch,
      List<TokenTree> batch,
      int[] starts,
      List<Integer> read,
      Object[] layout) {
    this.session = session;
    this.scratch = scratch;
    this.batch = batch;
    this.starts = starts;
    this.read = read.stream().mapToLong(Integer::longValue).toArray();
    this.layout = layout;
  }

  /** See {@link DecoderSession#score}, for the tree's members. */
  static void score(
      List<DecoderSession> sessions,
      BlockTree tree,
      List<TokenTree> batch,
      List<Target> targets,
      Ensemble.Told<Scores> told) {
    int[] starts = DecoderSession.starts(batch);
    int vocabulary = sessions.get(0).model().config().vocabulary();
    ScoredRows wanted = ScoredRows.of(batch, starts, targets, vocabulary);
    if (targets.isEmpty()) {
      Scores none = new Scores(new float[0], new boolean[0]);
      tree.members().forEach(member -> told.told(member, none, 0));
      return;
    }
    run(
        sessions,
        tree,
        batch,
        wanted.read(),
        (session, scratch, hidden) ->
            session.head.score(scratch, hidden, wanted.rows(), wanted.tokens()),
        told);
  }

  /** The logits after these nodes, for the tree's members. */
  static void logits(
      List<DecoderSession> sessions,
      BlockTree tree,
      List<TokenTree> batch,
      List<Node> nodes,
      Ensemble.Told<float[][]> told) {
    if (nodes.isEmpty()) {
      tree.members().forEach(member -> told.told(member, new float[0][], 0));
      return;
    }
    run(
        sessions,
        tree,
        batch,
        ScoredRows.of(batch, DecoderSession.starts(batch), nodes),
        (session, scratch, hidden) -> session.head.logits(scratch, hidden),
        told);
  }

  /** What a session's head makes of hidden states. */
  private interface Reading<T> {
    T of(DecoderSession session, PtNDManager scratch, NDArray hidden);
  }

  private static <T> void run(
      List<DecoderSession> sessions,
      BlockTree tree,
      List<TokenTree> batch,
      List<Integer> read,
      Reading<T> reading,
      Ensemble.Told<T> told) {
    int[] starts = DecoderSession.starts(batch);
    try (PtNDManager scratch = sessions.get(tree.members().get(0)).page.scratch()) {
      Object[] layout = layoutOf(sessions, tree).layout(scratch, batch, starts);
      List<DecoderGroup> passages =
          sessions.stream()
              .map(s -> new DecoderGroup(s, scratch, batch, starts, read, layout))
              .toList();
      tree.run(
          passages,
          (member, x, nanos) -> {
            long start = System.nanoTime();
            DecoderSession session = sessions.get(member);
            T said = reading.of(session, scratch, session.readOut(scratch, x));
            told.told(member, said, nanos + System.nanoTime() - start);
          });
    }
  }

  /**
   * Whose layout serves all: one that has blocks with windows, if any has, for its layout holds
   * what those see beside what the others see.
   */
  private static DecoderSession layoutOf(List<DecoderSession> sessions, BlockTree tree) {
    List<DecoderSession> members = tree.members().stream().map(sessions::get).toList();
    return members.stream().filter(s -> s.windows).findFirst().orElse(members.get(0));
  }

  @Override
  public NDArray start() {
    int[] ids = new int[starts[batch.size()]];
    int[] positions = new int[ids.length];
    for (int t = 0; t < batch.size(); t++) {
      for (int i = 0; i < batch.get(t).size(); i++) {
        ids[starts[t] + i] = batch.get(t).token(i);
        positions[starts[t] + i] = batch.get(t).depth(i);
      }
    }
    return session.embed(scratch, ids, positions);
  }

  @Override
  public NDArray run(NDArray x, int from, int to) {
    return session.run(scratch, x, from, to, starts[batch.size()], layout);
  }

  @Override
  public NDArray runLast(NDArray x, int last) {
    Object[] own = Weights.concat(new Object[] {x, last, scratch.create(read)}, layout);
    return session.script.array(scratch, "run_last", session.page.arguments(own));
  }

  @Override
  public NDArray read(NDArray x) {
    return session.script.array(scratch, "chosen", x, scratch.create(read));
  }
}
