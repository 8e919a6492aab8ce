package io.kerf.model;

import static io.kerf.model.Layer.embedding;
import static io.kerf.model.Layer.head;
import static io.kerf.model.Layer.linear;
import static io.kerf.model.Layer.norm;
import static java.util.Map.entry;

import io.kerf.format.WeightFile;
import io.kerf.json.JsonException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** T5, its version 1.1 and Flan-T5 (arXiv 1910.10683, 2002.05202, 2210.11416). */
final class T5Architecture implements Architecture {
  private static final String GATED = "gated-";
  private static final String EMBEDDING = "shared.weight";
  private static final String HEAD = "lm_head.weight";

  /** Both stacks' embeddings are the shared ones, and older files write them out again. */
  private static final Pattern EMBEDDINGS =
      Pattern.compile("(encoder|decoder)\\.embed_tokens\\.weight");

  /** Some old files have one, which no forward pass reads. */
  private static final String UNUSED =
      "decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight";

  private static final Map<Role, String> SHARED =
      Map.of(
          Role.TOKEN_EMBEDDING, "shared",
          Role.ENCODER_POSITION_BIAS,
              "encoder.block.0.layer.0.SelfAttention.relative_attention_bias",
          Role.DECODER_POSITION_BIAS,
              "decoder.block.0.layer.0.SelfAttention.relative_attention_bias",
          Role.ENCODER_NORM, "encoder.final_layer_norm",
          Role.FINAL_NORM, "decoder.final_layer_norm",
          Role.HEAD, "lm_head");

  private static final Map<Role, String> ENCODER =
      Map.of(
          Role.ATTENTION_NORM, "encoder.block.{}.layer.0.layer_norm",
          Role.QUERY, "encoder.block.{}.layer.0.SelfAttention.q",
          Role.KEY, "encoder.block.{}.layer.0.SelfAttention.k",
          Role.VALUE, "encoder.block.{}.layer.0.SelfAttention.v",
          Role.OUTPUT, "encoder.block.{}.layer.0.SelfAttention.o",
          Role.FFN_NORM, "encoder.block.{}.layer.1.layer_norm",
          Role.GATE, "encoder.block.{}.layer.1.DenseReluDense.wi_0",
          Role.UP, "encoder.block.{}.layer.1.DenseReluDense.wi_1",
          Role.DOWN, "encoder.block.{}.layer.1.DenseReluDense.wo");

  private static final Map<Role, String> DECODER =
      Map.ofEntries(
          entry(Role.ATTENTION_NORM, "decoder.block.{}.layer.0.layer_norm"),
          entry(Role.QUERY, "decoder.block.{}.layer.0.SelfAttention.q"),
          entry(Role.KEY, "decoder.block.{}.layer.0.SelfAttention.k"),
          entry(Role.VALUE, "decoder.block.{}.layer.0.SelfAttention.v"),
          entry(Role.OUTPUT, "decoder.block.{}.layer.0.SelfAttention.o"),
          entry(Role.CROSS_NORM, "decoder.block.{}.layer.1.layer_norm"),
          entry(Role.CROSS_QUERY, "decoder.block.{}.layer.1.EncDecAttention.q"),
          entry(Role.CROSS_KEY, "decoder.block.{}.layer.1.EncDecAttention.k"),
          entry(Role.CROSS_VALUE, "decoder.block.{}.layer.1.EncDecAttention.v"),
          entry(Role.CROSS_OUTPUT, "decoder.block.{}.layer.1.EncDecAttention.o"),
          entry(Role.FFN_NORM, "decoder.block.{}.layer.2.layer_norm"),
          entry(Role.GATE, "decoder.block.{}.layer.2.DenseReluDense.wi_0"),
          entry(Role.UP, "decoder.block.{}.layer.2.DenseReluDense.wi_1"),
          entry(Role.DOWN, "decoder.block.{}.layer.2.DenseReluDense.wo"));

  @Override
  public Family family() {
    return Family.T5;
  }

  @Override
  public Blueprint blueprint(HuggingFaceConfig json) {
    json.only("is_decoder", "false");
    json.only("is_encoder_decoder", "true");
    int width = json.integer("d_model");
    int heads = json.integer("num_heads");
    // One key says both: version 1.1 does not tie its head, and does not scale what it reads.
    boolean tied = json.bool("tie_word_embeddings", true);
    boolean scaled = json.bool("scale_decoder_outputs", tied);
    Config config =
        new Config(
            Family.T5,
            width,
            json.integer("d_ff"),
            json.integer("vocab_size"),
            json.integer("n_positions", 512), // what it was trained on: distances have no end
            json.number("layer_norm_epsilon", 1e-6),
            activation(json),
            Config.Embeddings.of(width),
            Config.Attention.of(heads, heads, json.integer("d_kv"))
                .withScale(1) // the queries' weights were made for it
                .withRelative(
                    new RelativePositions(
                        json.integer("relative_attention_num_buckets", 32),
                        json.integer("relative_attention_max_distance", 128))),
            null,
            new Config.Head(tied, 0, scaled ? 1 / Math.sqrt(width) : 1),
            start(json.specialIds()));
    int encoder = json.integer("num_layers");
    return blueprint(config, encoder, json.integer("num_decoder_layers", encoder));
  }

  /** A decoder begins with the padding where no file says otherwise. */
  private static Config.SpecialIds start(Config.SpecialIds ids) {
    return new Config.SpecialIds(
        ids.bos(), ids.eos(), ids.pad(), ids.decoderStart() < 0 ? ids.pad() : ids.decoderStart());
  }

  /** "gated-gelu", after making sure that the keys which follow from it say the same. */
  private static String activation(HuggingFaceConfig json) {
    String name = json.text("feed_forward_proj", "relu");
    boolean gated = name.startsWith(GATED);
    String function = gated ? name.substring(GATED.length()) : name;
    if (function.contains("-")) {
      throw new JsonException(
          json.where()
              + ": feed_forward_proj must be like 'relu' or 'gated-gelu', was '"
              + name
              + "'");
    }
    json.only("is_gated_act", String.valueOf(gated));
    json.only("dense_act_fn", name.equals("gated-gelu") ? "gelu_new" : function);
    return name;
  }

  private static Blueprint blueprint(Config c, int encoderBlocks, int decoderBlocks) {
    Config.Attention attention = c.attention();
    int buckets = attention.relative().buckets();
    List<Layer> shared =
        List.of(
            embedding(Role.TOKEN_EMBEDDING, c.vocabulary(), c.width()),
            embedding(Role.ENCODER_POSITION_BIAS, buckets, attention.heads()),
            embedding(Role.DECODER_POSITION_BIAS, buckets, attention.heads()),
            norm(Role.ENCODER_NORM, c.width(), false),
            norm(Role.FINAL_NORM, c.width(), false),
            head(c, false));
    List<Layer> encoder = new ArrayList<>();
    encoder.add(norm(Role.ATTENTION_NORM, c.width(), false));
    attention(encoder, c, Role.QUERY, Role.KEY, Role.VALUE, Role.OUTPUT);
    encoder.add(norm(Role.FFN_NORM, c.width(), false));
    if (gated(c)) {
      encoder.add(linear(Role.GATE, c.feedForward(), c.width(), false));
    }
    encoder.add(linear(Role.UP, c.feedForward(), c.width(), false));
    encoder.add(linear(Role.DOWN, c.width(), c.feedForward(), false));
    List<Layer> decoder = new ArrayList<>(encoder);
    decoder.add(norm(Role.CROSS_NORM, c.width(), false));
    attention(decoder, c, Role.CROSS_QUERY, Role.CROSS_KEY, Role.CROSS_VALUE, Role.CROSS_OUTPUT);
    return new Blueprint(
        c,
        shared,
        List.of(
            new Blueprint.Part(Stack.ENCODER, encoderBlocks, encoder),
            new Blueprint.Part(Stack.DECODER, decoderBlocks, decoder)));
  }

  private static void attention(
      List<Layer> layers, Config c, Role query, Role key, Role value, Role output) {
    int inside = Math.multiplyExact(c.attention().heads(), c.attention().headWidth());
    layers.add(linear(query, inside, c.width(), false));
    layers.add(linear(key, inside, c.width(), false));
    layers.add(linear(value, inside, c.width(), false));
    layers.add(linear(output, c.width(), inside, false));
  }

  private static boolean gated(Config config) {
    return config.activation().startsWith(GATED);
  }

  /**
   * transformers 5 writes that every head is tied, and holds a head of its own in the file of a
   * model where it is not.
   */
  @Override
  public Blueprint settled(Blueprint blueprint, WeightFile file) {
    Config config = blueprint.config();
    boolean own =
        config.head().tied()
            && file.has(HEAD)
            && file.has(EMBEDDING)
            && !WeightReader.same(file.tensor(HEAD), file.tensor(EMBEDDING));
    if (!own) {
      return blueprint;
    }
    int encoderBlocks = blueprint.parts().get(0).blocks();
    int decoderBlocks = blueprint.parts().get(1).blocks();
    return blueprint(config.withTiedHead(false), encoderBlocks, decoderBlocks);
  }

  @Override
  public Map<Role, String> modules() {
    return SHARED;
  }

  @Override
  public Map<Role, String> modules(Config config, Stack stack) {
    Map<Role, String> modules = stack == Stack.ENCODER ? ENCODER : DECODER;
    if (gated(config)) {
      return modules;
    }
    Map<Role, String> plain = new EnumMap<>(modules);
    plain.remove(Role.GATE);
    plain.computeIfPresent(Role.UP, (role, name) -> name.replace("wi_1", "wi"));
    return plain;
  }

  @Override
  public Spelling spelling(Config config) {
    return stored ->
        stored.equals(UNUSED)
            ? List.of()
            : Spelling.Weight.plain(EMBEDDINGS.matcher(stored).matches() ? EMBEDDING : stored);
  }

  @Override
  public String transformersClass() {
    return "T5ForConditionalGeneration";
  }

  @Override
  public ConfigKeys configKeys() {
    return new ConfigKeys(List.of("num_layers", "num_decoder_layers"), "d_ff");
  }

  /** A head that a cut has untied is still read from scaled states. */
  @Override
  public void adapt(Map<String, Object> json, Model model) {
    json.put("scale_decoder_outputs", model.config().head().scale() != 1);
  }
}
