package io.kerf.model;

import io.kerf.format.FormatException;
import io.kerf.json.Json;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code adapter_config.json} of PEFT: what a LoRA adapter is for and how it counts. What would
 * change a value and is not computed here is refused by its name.
 *
 * @param base base_model_name_or_path, "" where it is not said
 * @param revision of the base, "" where none is named
 * @param targeted whether an adapter is for a module of that name
 * @param ranks of modules that have another than {@code rank}, by expression
 * @param alphas likewise
 */
record AdapterConfig(
    String base,
    String revision,
    int rank,
    double alpha,
    boolean rankStabilized,
    Predicate<String> targeted,
    Map<ModulePattern, Integer> ranks,
    Map<ModulePattern, Double> alphas) {
  static final String NAME = "adapter_config.json";

  /** How B A is initialized changes no value once both are there; other ways change the base. */
  private static final Set<String> INITIALIZED =
      Set.of("true", "false", "\"gaussian\"", "\"eva\"", "\"orthogonal\"");

  /** What says nothing about the values of a trained adapter. */
  private static final Set<String> UNHEARD =
      Set.of(
          "auto_mapping",
          "corda_config",
          "ensure_weight_tying",
          "eva_config",
          "fan_in_fan_out", // PEFT too takes it from the module
          "inference_mode",
          "loftq_config",
          "lora_dropout",
          "lora_ga_config",
          "megatron_core",
          "peft_version",
          "qalora_group_size",
          "runtime_config",
          "task_type");

  private static final Set<String> HEARD =
      Set.of(
          "alpha_pattern",
          "base_model_name_or_path",
          "bias",
          "exclude_modules",
          "init_lora_weights",
          "layers_pattern",
          "layers_to_transform",
          "lora_alpha",
          "peft_type",
          "r",
          "rank_pattern",
          "revision",
          "target_modules",
          "use_rslora");

  /** Where PEFT finds the number of a layer in a module's name. */
  private static final Pattern LAYER = Pattern.compile(".*?\\.[^.]*\\.(\\d{1,9})\\..*");

  /**
   * Reads a file.
   *
   * @throws FormatException if it is no LoRA adapter, or one that we do not compute
   */
  static AdapterConfig read(Path file) {
    return of(Json.read(file));
  }

  static AdapterConfig of(Json json) {
    String type = json.at("peft_type").text();
    if (!type.equals("LORA")) {
      throw new FormatException(
          json.where() + ": peft_type is '" + type + "'; of PEFT's adapters LORA is read");
    }
    String bias = json.at("bias").present() ? json.at("bias").text() : "none";
    if (!bias.equals("none")) {
      throw refused(json.at("bias"), "biases that were trained along are not read");
    }
    Json initialized = json.at("init_lora_weights");
    if (initialized.present() && !INITIALIZED.contains(initialized.toString())) {
      throw refused(
          initialized,
          "it may have changed the base's weights; PEFT converts such an adapter with"
              + " save_pretrained(path_initial_model_for_weight_conversion=...)");
    }
    json.fields()
        .forEach(
            (key, value) -> {
              if (!HEARD.contains(key) && !UNHEARD.contains(key) && says(value)) {
                throw refused(value, "this is not computed");
              }
            });
    int rank = rank(json.at("r"));
    return new AdapterConfig(
        text(json.at("base_model_name_or_path")),
        text(json.at("revision")),
        rank,
        json.at("lora_alpha").number(),
        json.at("use_rslora").present() && json.at("use_rslora").bool(),
        targeted(json),
        patterns(json.at("rank_pattern"), AdapterConfig::rank),
        patterns(json.at("alpha_pattern"), Json::number));
  }

  private static FormatException refused(Json value, String why) {
    String said = value.toString();
    return new FormatException(
        value.where()
            + " is "
            + (said.length() > 80 ? said.substring(0, 80) + "..." : said)
            + ": "
            + why);
  }

  private static String text(Json value) {
    return value.present() ? value.text() : "";
  }

  /** Whether a switch is set to anything. */
  private static boolean says(Json value) {
    return value.present() && !Set.of("false", "[]", "{}", "\"\"").contains(value.toString());
  }

  private static int rank(Json value) {
    int rank = value.integer();
    if (rank < 1) {
      throw new FormatException(value.where() + " must be at least 1, was " + rank);
    }
    return rank;
  }

  /** As PEFT: the expression of a whole name, or of what stands behind a dot. */
  private static <T> Map<ModulePattern, T> patterns(Json json, Function<Json, T> value) {
    Map<ModulePattern, T> patterns = new LinkedHashMap<>();
    if (json.present()) {
      json.fields()
          .forEach(
              (key, said) ->
                  patterns.put(
                      ModulePattern.of(json.where(), "(.*\\.)?(" + key + ")"), value.apply(said)));
    }
    return patterns;
  }

  private static Predicate<String> targeted(Json json) {
    Json targets = json.at("target_modules");
    if (!targets.isText() && targets.items().isEmpty()) {
      throw new FormatException(targets.where() + " is empty: it must name what is adapted");
    }
    boolean every = targets.isText() && targets.text().equalsIgnoreCase("all-linear");
    Predicate<String> targeted = every ? module -> true : modules(targets);
    if (says(json.at("exclude_modules"))) {
      targeted = targeted.and(modules(json.at("exclude_modules")).negate());
    }
    if (!targets.isText() && says(json.at("layers_to_transform"))) {
      targeted = targeted.and(layers(json));
    }
    return targeted;
  }

  /** A list of names, or one regular expression. */
  private static Predicate<String> modules(Json json) {
    if (json.isText()) {
      return ModulePattern.of(json.where(), json.text())::matches;
    }
    List<String> names = json.texts();
    return module -> names.stream().anyMatch(name -> AdapterLayers.means(name, module));
  }

  private static Predicate<String> layers(Json json) {
    Json said = json.at("layers_to_transform");
    if (says(json.at("layers_pattern"))) {
      throw refused(json.at("layers_pattern"), "layers are found by their place alone");
    }
    Set<Integer> layers =
        said.isArray()
            ? Set.copyOf(said.items().stream().map(Json::integer).toList())
            : Set.of(said.integer());
    return module -> {
      Matcher layer = LAYER.matcher(module);
      return layer.matches() && layers.contains(Integer.parseInt(layer.group(1)));
    };
  }

  /** The rank of that module. */
  int rank(String module) {
    return of(module, ranks, rank);
  }

  /** The alpha of that module. */
  double alpha(String module) {
    return of(module, alphas, alpha);
  }

  private static <T> T of(String module, Map<ModulePattern, T> patterns, T usual) {
    return patterns.entrySet().stream()
        .filter(each -> each.getKey().matches(module))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse(usual);
  }

  /**
   * One module of an adapter that is to be written.
   *
   * @param inputsFirst whether transformers holds its weight (in, out)
   */
  record Module(String name, int rank, double alpha, boolean inputsFirst) {}

  /**
   * A file's text.
   *
   * @param all the names of the model's linear modules
   * @param task PEFT's, null where it has none
   */
  static String write(
      String base,
      String task,
      int rank,
      double alpha,
      boolean rankStabilized,
      List<Module> modules,
      Collection<String> all) {
    Map<String, Object> ranks = new LinkedHashMap<>();
    Map<String, Object> alphas = new LinkedHashMap<>();
    for (Module module : modules) {
      if (module.rank != rank) {
        ranks.put(module.name, module.rank);
      }
      if (module.alpha != alpha) {
        alphas.put(module.name, plain(module.alpha));
      }
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("peft_type", "LORA");
    json.put("task_type", task);
    json.put("base_model_name_or_path", base);
    json.put("revision", null);
    json.put("inference_mode", true);
    json.put("r", rank);
    json.put("lora_alpha", plain(alpha));
    json.put("lora_dropout", 0.0);
    json.put("use_rslora", rankStabilized);
    json.put("use_dora", false);
    json.put("bias", "none");
    json.put("fan_in_fan_out", modules.stream().anyMatch(Module::inputsFirst));
    json.put("init_lora_weights", true);
    json.put("target_modules", targets(modules.stream().map(Module::name).toList(), all));
    json.put("modules_to_save", null);
    json.put("layers_to_transform", null);
    json.put("layers_pattern", null);
    json.put("rank_pattern", ranks);
    json.put("alpha_pattern", alphas);
    return Json.writePretty(json);
  }

  private static Object plain(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e15 ? (Object) (long) number : number;
  }

  /** By the last parts of their names where these mean no other module, else by whole names. */
  private static List<String> targets(List<String> modules, Collection<String> all) {
    List<String> last =
        modules.stream().map(name -> name.substring(name.lastIndexOf('.') + 1)).distinct().toList();
    List<String> meant = new ArrayList<>(all);
    meant.removeIf(name -> last.stream().noneMatch(each -> AdapterLayers.means(each, name)));
    return Set.copyOf(meant).equals(Set.copyOf(modules)) ? last : modules;
  }
}
