package io.kerf.engine;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import io.kerf.engine.DecoderSession.Node;
import io.kerf.engine.DecoderSession.Scores;
import io.kerf.engine.DecoderSession.Target;
import java.util.ArrayList;
import java.util.List;

/** A batch of trees in several decoders that share first blocks. */
final class DecoderGroup implements BlockTree.Passage<NDArray> {
  private final DecoderSession session;
  private final PtNDManager scratch;
  private final TreeBatch batch;
  private final NDArray rows;
  private final Prefix prefix; // or null
  private Object[] layout; // made when this session is the one that runs what others share

  private DecoderGroup(
      DecoderSession session, PtNDManager scratch, TreeBatch batch, NDArray rows, Prefix prefix) {
    this.session = session;
    this.scratch = scratch;
    this.batch = batch;
    this.rows = rows;
    this.prefix = prefix;
  }

  /** See {@link DecoderSession#score(List, List)}, for the tree's members. */
  static void score(
      List<DecoderSession> sessions,
      BlockTree tree,
      EnsemblePrefix prefix,
      List<TokenTree> trees,
      List<Target> targets,
      Ensemble.Told<Scores> told) {
    TreeBatch batch = batch(prefix, trees);
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
        prefix,
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
      EnsemblePrefix prefix,
      List<TokenTree> trees,
      List<Node> nodes,
      Ensemble.Told<float[][]> told) {
    if (nodes.isEmpty()) {
      tree.members().forEach(member -> told.told(member, new float[0][], 0));
      return;
    }
    TreeBatch batch = batch(prefix, trees);
    run(
        sessions,
        tree,
        prefix,
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
      EnsemblePrefix prefix,
      TreeBatch batch,
      List<Integer> read,
      Reading<T> reading,
      Ensemble.Told<T> told) {
    try (PtNDManager scratch = sessions.get(tree.members().get(0)).page.scratch()) {
      requireOpen(sessions, tree, prefix);
      NDArray rows = scratch.create(read.stream().mapToLong(Integer::longValue).toArray());
      List<DecoderGroup> passages = new ArrayList<>();
      for (int s = 0; s < sessions.size(); s++) {
        Prefix own = prefix == null || !tree.members().contains(s) ? null : prefix.of(s);
        passages.add(new DecoderGroup(sessions.get(s), scratch, batch, rows, own));
      }
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

  private static TreeBatch batch(EnsemblePrefix prefix, List<TokenTree> trees) {
    return new TreeBatch(trees, prefix == null ? 0 : prefix.length());
  }

  private static void requireOpen(
      List<DecoderSession> sessions, BlockTree tree, EnsemblePrefix prefix) {
    if (prefix != null) {
      tree.members().forEach(m -> prefix.of(m).requireOpenIn(sessions.get(m)));
    }
  }

  /** See {@link DecoderSession#prefix}, for the tree's members; told once for each. */
  static void keep(
      List<DecoderSession> sessions,
      BlockTree tree,
      EnsemblePrefix before,
      int[] ids,
      Ensemble.Told<EnsemblePrefix> told) {
    if (ids.length == 0) {
      throw new IllegalArgumentException("a prefix needs at least one token");
    }
    DecoderSession first = sessions.get(tree.members().get(0));
    requireOpen(sessions, tree, before);
    TreeBatch batch = batch(before, List.of(TokenTree.chain(ids)));
    EnsemblePrefix kept =
        new EnsemblePrefix(first.page.scratch(), sessions, tree, before, ids.length);
    try (PtNDManager scratch = first.page.scratch()) {
      List<Keeping> passages = new ArrayList<>();
      for (int s = 0; s < sessions.size(); s++) {
        boolean member = tree.members().contains(s);
        Prefix earlier = before == null || !member ? null : before.of(s);
        DecoderGroup group = new DecoderGroup(sessions.get(s), scratch, batch, null, earlier);
        passages.add(new Keeping(group, member ? kept.of(s) : null));
      }
      tree.run(passages, (member, x, nanos) -> told.told(member, kept, nanos));
    } catch (RuntimeException e) {
      kept.close();
      throw e;
    }
  }

  /** A prefix on its way: its keys and values stay behind. */
  private record Keeping(DecoderGroup group, Prefix into) implements BlockTree.Passage<NDArray> {
    @Override
    public NDArray start() {
      return group.start();
    }

    @Override
    public NDArray run(NDArray x, int from, int to) {
      return group.session.keep(group.scratch, x, from, to, into, group.layout());
    }

    @Override
    public NDArray runLast(NDArray x, int last) {
      return run(x, last, last + 1);
    }

    @Override
    public NDArray read(NDArray x) {
      return x;
    }
  }

  private Object[] layout() {
    if (layout == null) {
      layout = session.layout(scratch, prefix, batch);
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
