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
  private final TreeBatch batch;
  private final NDArray rows;
  private Object[] layout; // made when this session is the one that runs what others share

  private DecoderGroup(DecoderSession session, PtNDManager scratch, TreeBatch batch, NDArray rows) {
    this.session = session;
    this.scratch = scratch;
    this.batch = batch;
    this.rows = rows;
  }

  /** See {@link DecoderSession#score(List, List)}, for the tree's members. */
  static void score(
      List<DecoderSession> sessions,
      BlockTree tree,
      List<TokenTree> trees,
      List<Target> targets,
      Ensemble.Told<Scores> told) {
    TreeBatch batch = new TreeBatch(trees, 0);
    int vocabulary = sessions.get(0).model().config().vocabulary();
    ScoredRows wanted = ScoredRows.of(batch, targets, vocabulary);
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
      List<TokenTree> trees,
      List<Node> nodes,
      Ensemble.Told<float[][]> told) {
    if (nodes.isEmpty()) {
      tree.members().forEach(member -> told.told(member, new float[0][], 0));
      return;
    }
    TreeBatch batch = new TreeBatch(trees, 0);
    run(
        sessions,
        tree,
        batch,
        ScoredRows.of(batch, nodes),
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
      TreeBatch batch,
      List<Integer> read,
      Reading<T> reading,
      Ensemble.Told<T> told) {
    try (PtNDManager scratch = sessions.get(tree.members().get(0)).page.scratch()) {
      NDArray rows = scratch.create(read.stream().mapToLong(Integer::longValue).toArray());
      List<DecoderGroup> passages =
          sessions.stream().map(s -> new DecoderGroup(s, scratch, batch, rows)).toList();
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

  private Object[] layout() {
    if (layout == null) {
      layout = session.layout(scratch, null, batch);
    }
    return layout;
  }

  @Override
  public NDArray start() {
    return session.embed(scratch, batch.ids(), batch.positions());
  }

  @Override
  public NDArray run(NDArray x, int from, int to) {
    return session.run(scratch, x, from, to, batch.size(), layout());
  }

  @Override
  public NDArray runLast(NDArray x, int last) {
    Object[] own = Weights.concat(new Object[] {x, last, rows}, layout());
    return session.script.array(scratch, "run_last", session.page.arguments(own));
  }

  @Override
  public NDArray read(NDArray x) {
    return session.script.array(scratch, "chosen", x, rows);
  }
}
