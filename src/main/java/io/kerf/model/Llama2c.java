package io.kerf.model;

import io.kerf.format.FormatException;
import io.kerf.format.Llama2cFile;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** LLaMA as llama2.c writes it; what its header leaves out is fixed in its program. */
final class Llama2c {
  private static final Pattern IN_BLOCK = Pattern.compile("(\\w+)\\.(\\d{1,6})");

  private static final double EPSILON = 1e-5;
  private static final double ROTARY_BASE = 10_000;
  private static final int BOS = 1;
  private static final int EOS = 2;

  private static final Map<String, Role> SHARED_ROLES =
      Map.of(
          "token_embedding_table", Role.TOKEN_EMBEDDING,
          "rms_final_weight", Role.FINAL_NORM,
          "wcls", Role.HEAD);

  private static final Map<String, Role> BLOCK_ROLES =
      Map.of(
          "rms_att_weight", Role.ATTENTION_NORM,
          "wq", Role.QUERY,
          "wk", Role.KEY,
          "wv", Role.VALUE,
          "wo", Role.OUTPUT,
          "rms_ffn_weight", Role.FFN_NORM,
          "w1", Role.GATE,
          "w2", Role.DOWN,
          "w3", Role.UP);

  private Llama2c() {}

  static Blueprint blueprint(Llama2cFile file) {
    Llama2cFile.Header header = file.header();
    if (header.headWidth() % 2 != 0) {
      throw new FormatException(
          file.name()
              + ": dim / n_heads must be even, since neighbours are rotated; was "
              + header.headWidth());
    }
    Config config =
        new Config(
            Family.LLAMA,
            header.dim(),
            header.hiddenDim(),
            header.vocabulary(),
            header.sequence(),
            EPSILON,
            "silu",
            Config.Embeddings.of(header.dim()),
            Config.Attention.of(header.heads(), header.keyValueHeads(), header.headWidth()),
            new Config.Rotary(ROTARY_BASE, Config.Scaling.NONE, header.headWidth()),
            Config.Head.of(header.sharedHead()),
            new Config.SpecialIds(BOS, EOS, -1));
    return LlamaArchitecture.blueprint(config, header.layers(), false, false);
  }

  static Spelling spelling(Config config) {
    return stored -> {
      if (stored.startsWith("freq_cis_")) {
        return List.of(); // llama2.c itself no longer reads these: they follow from the base
      }
      if (SHARED_ROLES.containsKey(stored)) {
        return Spelling.Weight.plain(
            Family.LLAMA.layerName(SHARED_ROLES.get(stored), 0) + ".weight");
      }
      Matcher name = IN_BLOCK.matcher(stored);
      if (!name.matches()) {
        return Spelling.Weight.plain(stored); // refused by its name
      }
      Role role = BLOCK_ROLES.get(name.group(1));
      String layer = Family.LLAMA.layerName(role, Integer.parseInt(name.group(2)));
      boolean rotated = role == Role.QUERY || role == Role.KEY;
      return List.of(
          new Spelling.Weight(
              layer + ".weight",
              rotated
                  ? InterleavedRotary.rows(role, config.attention())
                  : UnaryOperator.identity()));
    };
  }
}
