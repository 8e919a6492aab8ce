package io.kerf.eval;

import io.kerf.engine.DecoderSession.Node;
import io.kerf.engine.DecoderSession.Scores;
import io.kerf.engine.DecoderSession.Target;
import io.kerf.engine.EncoderDecoderSession;
import io.kerf.engine.EncoderSession.Input;
import io.kerf.engine.TokenTree;
import io.kerf.model.Block;
import io.kerf.model.Config;
import io.kerf.model.Family;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.model.Parameter;
import io.kerf.model.Role;
import io.kerf.model.Stack;
import io.kerf.tensor.FloatTensor;
import io.kerf.text.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** Models without arithmetic: what they say is a fixed function of everything they read. */
public final class FakeModels {
  private FakeModels() {}

  /** A model of that family with one linear layer in each of its stacks. */
  public static Model model(Family family, Tokenizer tokenizer, int window) {
    Config config =
        new Config(
            family,
            4,
            8,
            tokenizer.vocabularySize(),
            window,
            1e-5,
            "silu",
            Config.Embeddings.of(4),
            Config.Attention.of(2, 2, 2),
            new Config.Rotary(10000, Config.Scaling.NONE, 2),
            Config.Head.of(true),
            new Config.SpecialIds(1, 2, -1));
    List<Stack> stacks =
        family.kind() == Family.Kind.ENCODER_DECODER
            ? List.of(Stack.ENCODER, Stack.DECODER)
            : List.of(family.onlyStack());
    var query = Parameter.of(FloatTensor.of(new float[16], 4, 4));
    return new Model(
        config,
        Map.of(Role.FINAL_NORM, Parameter.of(FloatTensor.of(new float[4], 4))),
        stacks.stream().map(stack -> new Block(stack, 0, Map.of(Role.QUERY, query))).toList(),
        tokenizer,
        new Lineage("toy", "nowhere", "00", List.of()));
  }

  /** A scorer that says {@link #score}, and of every batch what it is made of. */
  static PrefixScorer scorer(Consumer<List<TokenTree>> watcher) {
    return new Fake(watcher, List.of(), new ArrayList<>());
  }

  /**
   * The same after tokens.
   *
   * @param open of each that is kept and not yet given back, its tokens from the start
   */
  record Fake(Consumer<List<TokenTree>> watcher, List<Integer> before, List<List<Integer>> open)
      implements PrefixScorer.Continued {
    @Override
    public Scores score(List<TokenTree> batch, List<Target> targets) {
      watcher.accept(batch);
      return FakeModels.score(before, batch, targets);
    }

    @Override
    public float[][] logits(List<TokenTree> batch, List<Node> nodes) {
      watcher.accept(batch);
      return nodes.stream()
          .map(n -> row(path(before, batch, n).hashCode()))
          .toArray(float[][]::new);
    }

    @Override
    public PrefixScorer.Continued after(Tokens tokens) {
      List<Integer> all = new ArrayList<>(before);
      Arrays.stream(tokens.toArray()).forEach(all::add);
      open.add(all);
      return new Fake(watcher, all, open);
    }

    @Override
    public void close() {
      open.remove(before);
    }
  }

  static PrefixScorer scorer() {
    return scorer(batch -> {});
  }

  private static List<Integer> path(List<Integer> before, List<TokenTree> batch, Node at) {
    TokenTree tree = batch.get(at.tree());
    List<Integer> path = new ArrayList<>();
    for (int node = at.node(); node >= 0; node = tree.parent(node)) {
      path.add(0, tree.token(node));
    }
    path.addAll(0, before);
    return path;
  }

  private static float[] row(long seed) {
    Random random = new Random(seed);
    float[] row = new float[CharacterTokenizer.VOCABULARY];
    for (int v = 0; v < row.length; v++) {
      row[v] = random.nextFloat();
    }
    return row;
  }

  /** An encoder-decoder that says what its context and what the decoder has make of it. */
  static CrossScorer cross(Consumer<List<EncoderDecoderSession.Input>> watcher) {
    return new CrossScorer() {
      @Override
      public int[] decoderInput(int... labels) {
        int[] ids = new int[labels.length];
        System.arraycopy(labels, 0, ids, 1, labels.length - 1);
        return ids;
      }

      @Override
      public Scores score(
          List<EncoderDecoderSession.Input> batch, List<EncoderDecoderSession.Target> targets) {
        watcher.accept(batch);
        float[] logProbabilities = new float[targets.size()];
        boolean[] greedy = new boolean[targets.size()];
        for (int i = 0; i < logProbabilities.length; i++) {
          var target = targets.get(i);
          Random random =
              new Random(seed(batch.get(target.input()), target.position()) + target.token());
          logProbabilities[i] = -5 * random.nextFloat();
          greedy[i] = random.nextBoolean();
        }
        return new Scores(logProbabilities, greedy);
      }

      @Override
      public float[][] logits(List<EncoderDecoderSession.Input> batch) {
        watcher.accept(batch);
        return batch.stream()
            .flatMap(input -> IntStream.of(input.scored()).mapToObj(at -> row(seed(input, at))))
            .toArray(float[][]::new);
      }
    };
  }

  private static long seed(EncoderDecoderSession.Input input, int position) {
    int[] seen = Arrays.copyOf(input.decoded(), position + 1);
    return 31L * Arrays.hashCode(input.context()) + Arrays.hashCode(seen);
  }

  /** The log-probability of a token after the path that leads to a node, and whether it is best. */
  static Scores score(List<TokenTree> batch, List<Target> targets) {
    return score(List.of(), batch, targets);
  }

  private static Scores score(List<Integer> before, List<TokenTree> batch, List<Target> targets) {
    float[] logProbabilities = new float[targets.size()];
    boolean[] greedy = new boolean[targets.size()];
    for (int i = 0; i < targets.size(); i++) {
      Target target = targets.get(i);
      List<Integer> path = path(before, batch, new Node(target.tree(), target.node()));
      path.add(target.token());
      Random random = new Random(path.hashCode());
      logProbabilities[i] = -5 * random.nextFloat();
      greedy[i] = random.nextBoolean();
    }
    return new Scores(logProbabilities, greedy);
  }

  /** Logits at masks, drawn by the ids and the position. */
  static float[][] logits(List<Input> batch) {
    List<float[]> rows = new ArrayList<>();
    for (Input input : batch) {
      for (int position : input.scored()) {
        rows.add(row(31L * Arrays.hashCode(input.ids()) + position));
      }
    }
    return rows.toArray(float[][]::new);
  }
}
