package io.kerf.engine;

import io.kerf.engine.DecoderSession.Scores;
import io.kerf.engine.DecoderSession.Target;
import io.kerf.model.Config;
import io.kerf.model.Model;
import io.kerf.model.Role;
import io.kerf.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Variants of one model ready to run together: what they have in common from the first block on is
 * held once in native memory and computed once for each batch. What each says is what it says in a
 * {@link Session} of its own (1e-5).
 *
 * <p>Blocks are the same if they hold the same tensors, not only equal ones; a compression shares
 * those that it does not touch. Used by one thread at a time. It owns all native memory; close it.
 */
public final class Ensemble implements AutoCloseable {
  /** Shared parameters that are read after the last block alone: variants may differ in them. */
  private static final Set<Role> AFTER_BLOCKS =
      EnumSet.of(Role.FINAL_NORM, Role.PROJECT_OUT, Role.HEAD_TRANSFORM, Role.HEAD_NORM, Role.HEAD);

  /**
   * What one of the models says to a batch.
   *
   * @param nanos that it took, as if it had run alone: what is shared counts for each
   */
  public record Said<T>(T result, long nanos) {}

  /** Who is told what a member says. */
  interface Told<T> {
    void told(int member, T result, long nanos);
  }

  private final List<Model> models;
  private final List<Session> sessions = new ArrayList<>(); // the first owns what all share
  private final Map<List<Integer>, BlockTree> trees = new HashMap<>();

  private Ensemble(List<Model> models, WeightFormat format) {
    this.models = List.copyOf(models);
    try {
      for (Model model : models) {
        sessions.add(
            sessions.isEmpty() ? Session.open(model, format) : beside(sessions.get(0), model));
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  /**
   * Opens variants of one model.
   *
   * @throws IllegalArgumentException if they differ in what comes before the first block
   */
  public static Ensemble open(List<Model> models, WeightFormat format) {
    if (models.isEmpty()) {
      throw new IllegalArgumentException("nothing to run together: name at least one model");
    }
    for (Model model : models) {
      if (!fit(models.get(0), model)) {
        throw new IllegalArgumentException(
            name(model)
                + " and "
                + name(models.get(0))
                + " cannot run together: their configurations or embeddings differ;"
                + " open a session for each");
      }
    }
    return new Ensemble(models, format);
  }

  private static String name(Model model) {
    return model.lineage().name() + " (" + model.label() + ")";
  }

  /** Whether two models may run together: all is the same up to the first block. */
  public static boolean fit(Model one, Model other) {
    Config config = one.config().withTiedHead(true); // whether it is tied is told by the head
    return config.equals(other.config().withTiedHead(true))
        && EnumSet.allOf(Role.class).stream()
            .filter(role -> !AFTER_BLOCKS.contains(role))
            .allMatch(role -> BlockTree.same(one.shared().get(role), other.shared().get(role)));
  }

  /** How many of their blocks' runs a batch would be spared if these ran together. */
  public static int sharedBlocks(List<Model> models) {
    return BlockTree.blocks(models) - BlockTree.of(models, all(models)).blocks();
  }

  /** How many numbers of weights they hold together, those of a tensor that several have once. */
  public static long elements(List<Model> models) {
    Set<Tensor> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    for (Model model : models) {
      Stream.concat(
              model.shared().values().stream(),
              model.blocks().stream().flatMap(block -> block.parameters().values().stream()))
          .flatMap(parameter -> Stream.of(parameter.weight(), parameter.bias()))
          .filter(Objects::nonNull)
          .forEach(seen::add);
    }
    return seen.stream().mapToLong(tensor -> tensor.shape().elements()).sum();
  }

  private static List<Integer> all(List<Model> models) {
    return IntStream.range(0, models.size()).boxed().toList();
  }

  private static Session beside(Session first, Model model) {
    if (first instanceof EncoderSession encoder) {
      return encoder.beside(model);
    }
    return first instanceof DecoderSession decoder
        ? decoder.beside(model)
        : ((EncoderDecoderSession) first).beside(model);
  }

  public List<Model> models() {
    return models;
  }

  public WeightFormat format() {
    return sessions.get(0).format();
  }

  /** How many of the models' blocks' runs a batch is spared. */
  public int sharedBlocks() {
    return sharedBlocks(models);
  }

  /** What decoders say of targets: see {@link DecoderSession#score(List, List)}. */
  public List<Said<Scores>> score(
      List<Integer> members, List<TokenTree> batch, List<Target> targets) {
    return score(members, null, batch, targets);
  }

  /** The same, every tree after that prefix; null for none. */
  public List<Said<Scores>> score(
      List<Integer> members, EnsemblePrefix prefix, List<TokenTree> batch, List<Target> targets) {
    Gathered<Scores> said = new Gathered<>(members);
    DecoderGroup.score(all(DecoderSession.class), tree(members), prefix, batch, targets, said);
    return said.inOrder();
  }

  /** What decoders say after nodes: see {@link DecoderSession#logits(List, List)}. */
  public List<Said<float[][]>> logits(
      List<Integer> members, List<TokenTree> batch, List<DecoderSession.Node> nodes) {
    return logits(members, null, batch, nodes);
  }

  /** The same, every tree after that prefix; null for none. */
  public List<Said<float[][]>> logits(
      List<Integer> members,
      EnsemblePrefix prefix,
      List<TokenTree> batch,
      List<DecoderSession.Node> nodes) {
    Gathered<float[][]> said = new Gathered<>(members);
    DecoderGroup.logits(all(DecoderSession.class), tree(members), prefix, batch, nodes, said);
    return said.inOrder();
  }

  /**
   * Computes tokens once, for all that follows them in these decoders; the one prefix is of all of
   * them.
   *
   * @param before what stands before them and stays open; null for nothing
   */
  public List<Said<EnsemblePrefix>> prefix(
      List<Integer> members, EnsemblePrefix before, int... ids) {
    Gathered<EnsemblePrefix> said = new Gathered<>(members);
    DecoderGroup.keep(all(DecoderSession.class), tree(members), before, ids, said);
    return said.inOrder();
  }

  /** What encoders say at the scored positions: see {@link EncoderSession#logits}. */
  public List<Said<float[][]>> maskLogits(List<Integer> members, List<EncoderSession.Input> batch) {
    Gathered<float[][]> said = new Gathered<>(members);
    EncoderSession.logits(all(EncoderSession.class), tree(members), batch, said);
    return said.inOrder();
  }

  /** What encoder-decoders say at the scored positions: {@link EncoderDecoderSession#logits}. */
  public List<Said<float[][]>> decodedLogits(
      List<Integer> members, List<EncoderDecoderSession.Input> batch) {
    Gathered<float[][]> said = new Gathered<>(members);
    CrossGroup.logits(all(EncoderDecoderSession.class), tree(members), batch, said);
    return said.inOrder();
  }

  /** What encoder-decoders say of targets: see {@link EncoderDecoderSession#scoreAll}. */
  public List<Said<Scores>> decodedScores(
      List<Integer> members,
      List<EncoderDecoderSession.Input> batch,
      List<EncoderDecoderSession.Target> targets) {
    Gathered<Scores> said = new Gathered<>(members);
    CrossGroup.score(all(EncoderDecoderSession.class), tree(members), batch, targets, said);
    return said.inOrder();
  }

  /** What the decoder reads where these are its labels, of encoder-decoders. */
  public int[] decoderInput(int... labels) {
    return all(EncoderDecoderSession.class).get(0).decoderInput(labels);
  }

  private BlockTree tree(List<Integer> members) {
    return trees.computeIfAbsent(List.copyOf(members), m -> BlockTree.of(models, m));
  }

  private <S extends Session> List<S> all(Class<S> kind) {
    Session first = sessions.get(0);
    if (!kind.isInstance(first)) {
      throw new IllegalArgumentException(
          name(models.get(0))
              + " is "
              + models.get(0).config().family().kind().described()
              + ", which is asked otherwise");
    }
    return sessions.stream().map(kind::cast).toList();
  }

  /** What members say, brought into the order in which they were named. */
  private record Gathered<T>(List<Integer> members, Map<Integer, Said<T>> said) implements Told<T> {
    Gathered(List<Integer> members) {
      this(members, new HashMap<>());
    }

    @Override
    public void told(int member, T result, long nanos) {
      said.put(member, new Said<>(result, nanos));
    }

    List<Said<T>> inOrder() {
      return members.stream().map(said::get).toList();
    }
  }

  @Override
  public void close() {
    for (int i = sessions.size() - 1; i >= 0; i--) {
      sessions.get(i).close();
    }
  }
}
