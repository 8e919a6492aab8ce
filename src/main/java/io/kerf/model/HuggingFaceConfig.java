package io.kerf.model;

import io.kerf.json.Json;
import io.kerf.json.JsonException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;

/**
 * A {@code config.json} in either spelling: transformers 5 writes {@code rope_parameters}, those
 * before it {@code rope_theta} and {@code rope_scaling}.
 */
final class HuggingFaceConfig {
  private static final List<String> ROPE_TYPES = List.of("default", "linear", "llama3");

  private static final double BASE = 10_000; // of rotary embeddings, where a file leaves it out

  private final Json json;

  /** A configuration; of one that describes a model of texts and pictures, its texts' part. */
  HuggingFaceConfig(Json json) {
    Json text = json.at("text_config");
    boolean pictures =
        json.at("model_type").isText() && json.at("model_type").text().equals("gemma3");
    this.json = pictures && text.present() ? text : json;
  }

  /** The document, for errors. */
  String where() {
    return json.where();
  }

  String modelType() {
    return json.at("model_type").text();
  }

  /** A number that must be there. */
  int integer(String key) {
    return json.at(key).integer();
  }

  /** A number, or transformers' default where the file leaves it out. */
  int integer(String key, int absent) {
    return json.at(key).optional().map(Json::integer).orElse(absent);
  }

  double number(String key, double absent) {
    return json.at(key).optional().map(Json::number).orElse(absent);
  }

  boolean bool(String key, boolean absent) {
    return json.at(key).optional().map(Json::bool).orElse(absent);
  }

  String text(String key, String absent) {
    return json.at(key).optional().map(Json::text).orElse(absent);
  }

  /** A token id, the first of several, or -1. */
  private int tokenId(String key) {
    Json value = json.at(key);
    if (value.isArray()) {
      return value.at(0).integer();
    }
    return integer(key, -1);
  }

  /** The ids of the tokens that every configuration names. */
  Config.SpecialIds specialIds() {
    return specialIds(-1, -1, -1);
  }

  /** The same with transformers' defaults for those that the file leaves out. */
  Config.SpecialIds specialIds(int bos, int eos, int pad) {
    return new Config.SpecialIds(
        has("bos_token_id") ? tokenId("bos_token_id") : bos,
        has("eos_token_id") ? tokenId("eos_token_id") : eos,
        has("pad_token_id") ? tokenId("pad_token_id") : pad,
        tokenId("decoder_start_token_id"));
  }

  /** Fails unless the key has the one value that our forward pass computes, or is left out. */
  void only(String key, String supported) {
    Json value = json.at(key);
    String seen = value.isText() ? value.text() : value.toString();
    if (value.present() && !seen.equals(supported)) {
      throw new JsonException(
          value.where() + " must be " + supported + ", the only one supported; was " + seen);
    }
  }

  /** Fails if the key has a value: our forward pass computes none. */
  void absent(String key) {
    Json value = json.at(key);
    if (value.present()) {
      throw new JsonException(
          value.where() + " must be null, the only value supported; was " + value);
    }
  }

  /** The c of a soft cap c tanh(x / c); 0, which is none, where the file says null. */
  double softCap(String key, double absent) {
    Json value = json.at(key);
    double cap = number(key, has(key) ? 0 : absent);
    if (value.present() && !(cap > 0)) {
      throw new JsonException(value.where() + " must be positive or null, was " + value);
    }
    return cap;
  }

  /** Head width: {@code head_dim}, or an equal share of the model's width. */
  int headWidth(int width, int heads) {
    return json.at("head_dim").present()
        ? integer("head_dim")
        : share(width, heads, "num_attention_heads", "hidden_size");
  }

  /** The equal share of a width that a head has; the keys are for the error. */
  int share(int width, int heads, String headsKey, String widthKey) {
    if (heads <= 0 || width % heads != 0) {
      throw new JsonException(
          json.at(headsKey).where() + " must divide " + widthKey + " " + width + ", was " + heads);
    }
    return width / heads;
  }

  /** How many heads keys and values have: as many as queries where the file says null. */
  int keyValueHeads(int heads, int absent) {
    return integer("num_key_value_heads", has("num_key_value_heads") ? heads : absent);
  }

  /** The sliding window's tokens, 0 where the file says null. */
  int slidingWindow(int absent) {
    Json value = json.at("sliding_window");
    int tokens = integer("sliding_window", has("sliding_window") ? 0 : absent);
    if (value.present() && tokens <= 0) {
      throw new JsonException(value.where() + " must be positive or null, was " + tokens);
    }
    return tokens;
  }

  /** Whether the file has the key, be it with null. */
  private boolean has(String key) {
    return json.fields().containsKey(key);
  }

  /**
   * Which blocks look no further than a window: as {@code layer_types} says, else by a rule.
   *
   * @param tokens the window; 0 for none
   */
  Config.Window window(int tokens, int blocks, IntPredicate limited) {
    Json types = json.at("layer_types");
    List<Boolean> limits = new ArrayList<>();
    for (int block = 0; block < blocks; block++) {
      limits.add(types.present() ? slides(types, block, blocks) : limited.test(block));
    }
    return limits.contains(true) ? new Config.Window(tokens, limits) : Config.Window.NONE;
  }

  private static boolean slides(Json types, int block, int blocks) {
    int named = types.items().size();
    if (named != blocks) {
      throw new JsonException(
          types.where() + " must name the type of each of " + blocks + " layers, names " + named);
    }
    Json type = types.at(block);
    return switch (type.text()) {
      case "full_attention" -> false;
      case "sliding_attention" -> true;
      default ->
          throw new JsonException(
              type.where()
                  + " '"
                  + type.text()
                  + "' is not supported; supported: full_attention, sliding_attention");
    };
  }

  /** The rotary embedding of whole heads, in either spelling. */
  Config.Rotary rotary(int headWidth) {
    Json share = share();
    if (share.present() && share.number() != 1) {
      throw new JsonException(
          share.where() + " must be 1, the only one supported; was " + share.number());
    }
    return rotary(headWidth, "rope_theta");
  }

  /** The rotary embedding of a part of each head, in either spelling. */
  Config.Rotary partialRotary(int headWidth, String baseKey, double absent) {
    Json share = share();
    double part = share.optional().map(Json::number).orElse(absent);
    int turned = (int) (headWidth * part);
    if (!(part > 0 && part <= 1) || turned == 0 || turned % 2 != 0) {
      throw new JsonException(
          share.where()
              + " must leave an even number of a head's "
              + headWidth
              + " elements to be turned, was "
              + part);
    }
    return rotary(turned, baseKey);
  }

  /** How much of a head is turned, wherever that is said. */
  private Json share() {
    Json parameters = json.at("rope_parameters").at("partial_rotary_factor");
    Json top = json.at("partial_rotary_factor");
    return parameters.present() ? parameters : top.present() ? top : json.at("rotary_pct");
  }

  private Config.Rotary rotary(int turned, String baseKey) {
    Json parameters = json.at("rope_parameters");
    double base = base(json, baseKey, BASE);
    return parameters.present()
        ? new Config.Rotary(base(parameters, "rope_theta", base), scaling(parameters), turned)
        : new Config.Rotary(base, scaling(json.at("rope_scaling")), turned);
  }

  /**
   * The rotary embeddings of blocks that see all and of blocks with a window, in either spelling.
   */
  Config.Rotary rotaryByWindow(int headWidth, double absent, double absentWindow) {
    double base = base(json, "rope_theta", absent);
    double windowBase = base(json, "rope_local_base_freq", absentWindow);
    Json parameters = json.at("rope_parameters");
    if (!parameters.present()) {
      return new Config.Rotary(
          base, scaling(json.at("rope_scaling")), headWidth, windowBase, Config.Scaling.NONE);
    }
    for (String key : List.of("rope_theta", "rope_type", "type")) {
      if (parameters.at(key).present()) {
        throw new JsonException(
            parameters.where()
                + " must have full_attention and sliding_attention, each with its own "
                + key
                + "; was "
                + parameters);
      }
    }
    Json full = parameters.at("full_attention");
    Json window = parameters.at("sliding_attention");
    return new Config.Rotary(
        base(full, "rope_theta", base),
        scaling(full),
        headWidth,
        base(window, "rope_theta", windowBase),
        scaling(window));
  }

  private static double base(Json holder, String key, double absent) {
    Json theta = holder.at(key);
    double base = theta.optional().map(Json::number).orElse(absent);
    if (!(base > 0)) {
      throw new JsonException(theta.where() + " must be positive, was " + base);
    }
    return base;
  }

  private Config.Scaling scaling(Json scaling) {
    Json type = scaling.at("rope_type").present() ? scaling.at("rope_type") : scaling.at("type");
    if (!type.present()) {
      return Config.Scaling.NONE;
    }
    return switch (type.text()) {
      case "default" -> Config.Scaling.NONE;
      case "linear" -> new Config.Scaling("linear", factor(scaling), 1, 1, 1);
      case "llama3" ->
          new Config.Scaling(
              "llama3",
              factor(scaling),
              scaling.at("low_freq_factor").number(),
              scaling.at("high_freq_factor").number(),
              scaling
                  .at("original_max_position_embeddings")
                  .optional()
                  .map(Json::integer)
                  .orElseGet(() -> integer("max_position_embeddings")));
      default ->
          throw new JsonException(
              type.where()
                  + " '"
                  + type.text()
                  + "' is not supported; supported: "
                  + String.join(", ", ROPE_TYPES));
    };
  }

  private static double factor(Json scaling) {
    Json factor = scaling.at("factor");
    if (!(factor.number() >= 1)) {
      throw new JsonException(factor.where() + " must be at least 1, was " + factor.number());
    }
    return factor.number();
  }

  /** Says which tokens are special. */
  static void put(Map<String, Object> json, Config.SpecialIds special) {
    json.put("bos_token_id", special.bos() < 0 ? null : special.bos());
    json.put("eos_token_id", special.eos() < 0 ? null : special.eos());
    json.put("pad_token_id", special.pad() < 0 ? null : special.pad());
  }

  /** Says how heads are turned, in the older spelling, which every transformers reads. */
  static void put(Map<String, Object> json, Config.Rotary rotary) {
    Config.Scaling scaling = rotary.scaling();
    json.put("rope_theta", rotary.base());
    Map<String, Object> scaled = new LinkedHashMap<>();
    scaled.put("rope_type", scaling.type());
    switch (scaling.type()) {
      case "default" -> scaled = null;
      case "linear" -> scaled.put("factor", scaling.factor());
      case "llama3" -> {
        scaled.put("factor", scaling.factor());
        scaled.put("low_freq_factor", scaling.lowFrequencyFactor());
        scaled.put("high_freq_factor", scaling.highFrequencyFactor());
        scaled.put("original_max_position_embeddings", scaling.originalMaxPositions());
      }
      default ->
          throw new IllegalArgumentException(
              "rotary scaling '" + scaling.type() + "' is not one that we write");
    }
    json.put("rope_scaling", scaled);
  }
}
