package io.kerf.model;

import io.kerf.json.Json;
import io.kerf.json.JsonException;
import java.util.List;

/**
 * A {@code config.json} in either spelling: transformers 5 writes {@code rope_parameters}, those
 * before it {@code rope_theta} and {@code rope_scaling}.
 */
final class HuggingFaceConfig {
  private static final List<String> ROPE_TYPES = List.of("default", "linear", "llama3");

  private final Json json;

  HuggingFaceConfig(Json json) {
    this.json = json;
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
    return new Config.SpecialIds(
        tokenId("bos_token_id"),
        tokenId("eos_token_id"),
        tokenId("pad_token_id"),
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

  /** Head width: {@code head_dim}, or an equal share of the model's width. */
  int headWidth(int width, int heads) {
    if (json.at("head_dim").present()) {
      return integer("head_dim");
    }
    return headWidth("hidden_size", width, "num_attention_heads", heads);
  }

  /** An equal share of the model's width, by the keys that both have in this configuration. */
  int headWidth(String widthKey, int width, String headsKey, int heads) {
    if (heads <= 0 || width % heads != 0) {
      throw new JsonException(
          json.at(headsKey).where() + " must divide " + widthKey + " " + width + ", was " + heads);
    }
    return width / heads;
  }

  /** The rotary embedding in either spelling. */
  Config.Rotary rotary(int headWidth) {
    Json parameters = json.at("rope_parameters");
    return parameters.present()
        ? new Config.Rotary(base(parameters), scaling(parameters), headWidth)
        : new Config.Rotary(base(json), scaling(json.at("rope_scaling")), headWidth);
  }

  private static double base(Json holder) {
    Json theta = holder.at("rope_theta");
    double base = theta.optional().map(Json::number).orElse(10_000.0);
    if (!(base > 0)) {
      throw new JsonException(theta.where() + " must be positive, was " + base);
    }
    return base;
  }

  private static Config.Scaling scaling(Json scaling) {
    if (!scaling.present()) {
      return Config.Scaling.NONE;
    }
    Json type = scaling.at("rope_type").present() ? scaling.at("rope_type") : scaling.at("type");
    return switch (type.text()) {
      case "default" -> Config.Scaling.NONE;
      case "linear" -> new Config.Scaling("linear", factor(scaling), 1, 1, 1);
      case "llama3" ->
          new Config.Scaling(
              "llama3",
              factor(scaling),
              scaling.at("low_freq_factor").number(),
              scaling.at("high_freq_factor").number(),
              scaling.at("original_max_position_embeddings").integer());
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
}
