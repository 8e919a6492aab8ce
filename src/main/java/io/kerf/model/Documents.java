package io.kerf.model;

import io.kerf.json.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The documents of a model's folder as they were. Only a writer reads them: what Kerf computes with
 * is in {@link Config}, but a folder that others open should say all that the source's did.
 *
 * @param config config.json, or nothing where the model came in a file without one
 * @param generation generation_config.json, where there was one
 */
public record Documents(Optional<Json> config, Optional<Json> generation) {
  static final String CONFIG = "config.json";
  static final String GENERATION = "generation_config.json";

  /** Those of a model that came without. */
  public static final Documents NONE = new Documents(Optional.empty(), Optional.empty());

  static Documents read(Path folder) {
    return new Documents(read(folder, CONFIG), read(folder, GENERATION));
  }

  private static Optional<Json> read(Path folder, String name) {
    return Optional.of(folder.resolve(name)).filter(Files::exists).map(Json::read);
  }
}
