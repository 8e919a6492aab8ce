package io.kerf.eval;

import io.kerf.engine.DecoderSession.Scores;
import io.kerf.engine.DecoderSession.Target;
import io.kerf.engine.EncoderSession.Input;
import io.kerf.engine.TokenTree;
import io.kerf.model.Block;
import io.kerf.model.Config;
import io.kerf.model.Family;
import io.kerf.model.Lineage;
import io.kerf.model.Model;
import io.kerf.model.Parameter;
import io.kerf.model.Role;
import io.kerf.tensor.FloatTensor;
import io.kerf.text.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Models without arithmetic: what they say is a fixed function of everything they read. */
final class FakeModels {
  private FakeModels() {}

  static Model model(Family family, Tokenizer tokenizer, int window) {
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
    var query = Parameter.of(FloatTensor.of(new float[16], 4, 4));
    return new Model(
        config,
        Map.of(Role.FINAL_NORM, Parameter.of(FloatTensor.of(new float[4], 4))),
        List.of(new Block(family.onlyStack(), 0, Map.of(Role.QUERY, query))),
        tokenizer,
        new Lineage("toy", "nowhere", "00", List.of()));
  }

  /** The log-probability of a token after the path that leads to a node, and whether it is best. */
  static Scores score(List<TokenTree> batch, List<Target> targets) {
    float[] logProbabilities = new float[targets.size()];
    boolean[] greedy = new boolean[targets.size()];
    for (int i = 0; i < targets.size(); i++) {
      Target target = targets.get(i);
      TokenTree tree = batch.get(target.tree());
      List<Integer> path = new ArrayList<>();
      for (int node = target.node(); node >= 0; node = tree.parent(node)) {
        path.add(0, tree.token(node));
      }
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
        Random random = new Random(31L * java.util.Arrays.hashCode(input.ids()) + position);
        float[] row = new float[CharacterTokenizer.VOCABULARY];
        for (int v = 0; v < row.length; v++) {
          row[v] = random.nextFloat();
        }
        rows.add(row);
      }
    }
    return rows.toArray(float[][]::new);
  }
}
