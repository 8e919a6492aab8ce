package io.kerf.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.RandomAdapters;
import io.kerf.file.BadFileException;
import io.kerf.format.Payload;
import io.kerf.format.SafetensorsWriter;
import io.kerf.json.Json;
import io.kerf.progress.ProgressListener;
import io.kerf.tensor.Encoding;
import io.kerf.tensor.FloatTensor;
import io.kerf.tensor.LowRank;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adapters' folders that are damaged, forged, or of a kind that is not computed. */
class AdapterFolderTest {
  private static final Model MODEL = RandomAdapters.model(Family.LLAMA);
  private static final String MODULE = "model.layers.0.self_attn.q_proj";
  private static final String A = "base_model.model." + MODULE + ".lora_A.weight";
  private static final String B = "base_model.model." + MODULE + ".lora_B.weight";
  private static final int WIDTH = MODEL.config().width();
  private static final int ROWS =
      MODEL.blocks().get(0).parameter(Role.QUERY).weight().shape().rows();

  private final Map<String, Object> config = new LinkedHashMap<>();
  private final Map<String, FloatTensor> tensors = new TreeMap<>();

  @TempDir private Path folder;

  @BeforeEach
  void anAdapterOfOneLayer() {
    config.put("peft_type", "LORA");
    config.put("base_model_name_or_path", MODEL.lineage().name());
    config.put("r", 2);
    config.put("lora_alpha", 4);
    config.put("target_modules", List.of(MODULE));
    tensors.put(A, zeros(2, WIDTH));
    tensors.put(B, zeros(ROWS, 2));
  }

  private static FloatTensor zeros(int rows, int columns) {
    return FloatTensor.of(new float[rows * columns], rows, columns);
  }

  private Path written() {
    Path config = folder.resolve("adapter_config.json");
    Path weights = folder.resolve("adapter_model.safetensors");
    try {
      Files.deleteIfExists(config);
      Files.deleteIfExists(weights);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    SafetensorsWriter.write(config, Json.write(this.config));
    List<Payload> payloads =
        tensors.entrySet().stream()
            .map(e -> new Payload(e.getKey(), Encoding.F32, e.getValue()))
            .toList();
    SafetensorsWriter.write(weights, payloads, units -> {});
    return folder;
  }

  private Adapter read() {
    return AdapterFolder.open(written()).adapter(MODEL);
  }

  private void assertRefused(String file, String message) {
    var error = assertThrows(BadFileException.class, this::read);
    assertEquals(folder.resolve(file) + ": " + message, error.getMessage());
  }

  private void assertConfigRefused(String key, Object value, String message) {
    Object before = config.put(key, value);
    assertRefused("adapter_config.json", message);
    config.put(key, before);
  }

  @Test
  void readsWhatIsMeant() {
    assertEquals(2, read().rank());
    assertEquals(4, read().alpha());
    config.put("alpha_pattern", Map.of("q_proj", 7));
    config.put("use_rslora", true);
    LowRank update = read().updates().get(new AdapterTarget(0, Role.QUERY));
    assertEquals(7 / Math.sqrt(2), update.scale());
  }

  @Test
  void whatIsNotComputedIsRefusedByName() {
    assertConfigRefused("peft_type", "IA3", "peft_type is 'IA3'; of PEFT's adapters LORA is read");
    assertConfigRefused(
        "bias", "all", "bias is \"all\": biases that were trained along are not read");
    assertConfigRefused("use_dora", true, "use_dora is true: this is not computed");
    assertConfigRefused(
        "modules_to_save",
        List.of("lm_head"),
        "modules_to_save is [\"lm_head\"]: this is not computed");
    assertConfigRefused(
        "target_parameters", List.of("w"), "target_parameters is [\"w\"]: this is not computed");
    assertConfigRefused("use_next_idea", 3, "use_next_idea is 3: this is not computed");
    assertConfigRefused(
        "init_lora_weights",
        "pissa",
        "init_lora_weights is \"pissa\": it may have changed the base's weights; PEFT converts such"
            + " an adapter with save_pretrained(path_initial_model_for_weight_conversion=...)");
    config.put("use_next_idea", null);
    config.put("layers_to_transform", 0);
    assertConfigRefused(
        "layers_pattern",
        "layers",
        "layers_pattern is \"layers\": layers are found by their place alone");
  }

  @Test
  void wrongNumbersAreRefused() {
    assertConfigRefused("r", 0, "r must be at least 1, was 0");
    assertConfigRefused(
        "rank_pattern", Map.of("q_proj", -1), "rank_pattern.q_proj must be at least 1, was -1");
    assertConfigRefused("lora_alpha", "x", "lora_alpha must be a number, was \"x\"");
    assertConfigRefused(
        "target_modules", List.of(), "target_modules is empty: it must name what is adapted");
    assertConfigRefused(
        "target_modules", "(q|", "target_modules: '(q|' is no regular expression: Unclosed group");
    config.put("lora_alpha", 1e300);
    assertRefused(
        "adapter_model.safetensors", "alpha must be a number that float32 holds, was 1.0E300");
  }

  @Test
  void expressionsThatDoNotEndAreRefused() {
    assertConfigRefused(
        "target_modules",
        "(.*.*.*)*.*.*.*.*x",
        "target_modules: '(.*.*.*)*.*.*.*.*x' takes too long to match; list the modules by their"
            + " names");
    for (String regex : List.of("(a|(b){9}){9}", "a{1000,}", "(".repeat(65), "a".repeat(4097))) {
      assertConfigRefused(
          "target_modules",
          regex,
          "target_modules: '"
              + (regex.length() > 200 ? regex.substring(0, 200) + "..." : regex)
              + "' is longer than 4096 characters, has more than 64 groups or repeats one by {n};"
              + " such expressions are not matched, list the modules");
    }
  }

  @Test
  void weightsAndConfigurationMustAgree() {
    config.put("target_modules", List.of("v_proj"));
    assertRefused(
        "adapter_model.safetensors",
        "holds an adapter of "
            + MODULE
            + ", which target_modules of adapter_config.json do not name");
    config.put("target_modules", List.of("q_proj"));
    assertRefused(
        "adapter_model.safetensors",
        "has no lora_A for model.layers.1.self_attn.q_proj, which target_modules name");
    config.put("target_modules", List.of(MODULE));
    tensors.remove(B);
    assertRefused("adapter_model.safetensors", "has no lora_B for " + MODULE);
    tensors.remove(A);
    assertRefused("adapter_model.safetensors", "holds no adapters at all");
  }

  @Test
  void shapesThatDoNotFitSayWhatTheAdapterIsFor() {
    tensors.put(A, zeros(3, WIDTH));
    String of = " by adapter_config.json and the layers of " + MODEL.lineage().name();
    assertRefused(
        "adapter_model.safetensors",
        "lora_A of " + MODULE + " must be 2 x " + WIDTH + of + ", was 3 x " + WIDTH);
    tensors.put(A, zeros(2, WIDTH));
    tensors.put(B, zeros(ROWS + 1, 2));
    config.put("base_model_name_or_path", "org/larger");
    assertRefused(
        "adapter_model.safetensors",
        "lora_B of "
            + MODULE
            + " must be "
            + ROWS
            + " x 2"
            + of
            + ", was "
            + (ROWS + 1)
            + " x 2; it was made for 'org/larger'");
  }

  @Test
  void aRankThatNoLayerHasIsRefused() {
    config.put("r", 100_000);
    int most = Math.min(ROWS, WIDTH);
    assertRefused(
        "adapter_model.safetensors",
        MODULE
            + " is "
            + ROWS
            + " x "
            + WIDTH
            + ": rank must be at most its smaller side, "
            + most
            + ", was 100000");
  }

  @Test
  void modulesThatTheModelHasNotAreRefused() {
    config.put("target_modules", "all-linear");
    String other = "base_model.model.model.layers.0.self_attn.query";
    tensors.clear();
    tensors.put(other + ".lora_A.weight", zeros(2, WIDTH));
    tensors.put(other + ".lora_B.weight", zeros(ROWS, 2));
    var error = assertThrows(BadFileException.class, this::read);
    assertTrue(
        error
            .getMessage()
            .startsWith(
                folder.resolve("adapter_model.safetensors")
                    + ": Unknown layer 'model.layers.0.self_attn.query' of "
                    + MODEL.lineage().name()
                    + " (llama). Did you mean: "),
        error.getMessage());
  }

  @Test
  void otherTensorsAreRefusedByWhatTheyAre() {
    Map<String, String> others =
        Map.of(
            "base_model.model.lm_head.weight",
            "is no adapter: weights that were trained whole beside adapters are not read",
            "base_model.model.wte.lora_embedding_A",
            "is an adapter of an embedding, which is not computed",
            "base_model.model.x.lora_magnitude_vector",
            "is of DoRA, which is not computed",
            "base_model.model.x.lora_B.bias",
            "is a part of an adapter that is not computed");
    others.forEach(
        (name, why) -> {
          tensors.put(name, zeros(1, 1));
          assertRefused("adapter_model.safetensors", "tensor '" + name + "' " + why);
          tensors.remove(name);
        });
    tensors.put(A, FloatTensor.of(new float[WIDTH], WIDTH));
    assertRefused(
        "adapter_model.safetensors",
        "tensor '"
            + A
            + "' must be a matrix of floating-point numbers, was "
            + WIDTH
            + " of float32");
  }

  @Test
  void namesWithoutTheHeadsPrefixAreTheSameModules() {
    String headless = "base_model.model.layers.0.self_attn.q_proj";
    Map<String, FloatTensor> before = new TreeMap<>(tensors);
    tensors.clear();
    tensors.put(headless + ".lora_A.weight", before.get(A));
    tensors.put(headless + ".lora_B.weight", before.get(B));
    config.put("target_modules", List.of("layers.0.self_attn.q_proj"));
    assertEquals(List.of(new AdapterTarget(0, Role.QUERY)), List.copyOf(read().updates().keySet()));
    tensors.putAll(before);
    assertRefused("adapter_model.safetensors", "holds an adapter of " + MODULE + " twice");
  }

  @Test
  void aFolderWithoutItsFilesSaysWhatIsMissing() throws IOException {
    assertFalse(AdapterFolder.is(folder));
    assertEquals(
        folder + " has no adapter_config.json: it is not the folder of an adapter",
        assertThrows(BadFileException.class, () -> AdapterFolder.open(folder)).getMessage());
    written();
    Files.delete(folder.resolve("adapter_model.safetensors"));
    assertEquals(
        folder + " has neither adapter_model.safetensors nor adapter_model.bin",
        assertThrows(BadFileException.class, () -> AdapterFolder.open(folder)).getMessage());
  }

  @Test
  void theRevisionOfTheBaseIsPartOfItsName() {
    config.put("base_model_name_or_path", "org/name");
    assertEquals("org/name", AdapterFolder.open(written()).base());
    config.put("revision", "v2");
    assertEquals("org/name@v2", AdapterFolder.open(written()).base());
  }

  // ---- what is written

  private static void write(Model model, Path place, Saving saving, ProgressListener listener) {
    AdapterWriter.write(model, place, "", saving, "test", listener);
  }

  private static Model adapted(Model model, Role... roles) {
    List<AdapterTarget> targets =
        AdapterLayers.of(model).all().stream()
            .filter(target -> List.of(roles).contains(target.role()))
            .toList();
    return RandomAdapters.of(model, targets, 2, 3).applyTo(model);
  }

  @Test
  void partsOfAFusedModuleWithTheirOwnAComeBackAsTheSameChange() {
    for (Family family : List.of(Family.GPT2, Family.GPT_NEOX)) {
      Model model = RandomAdapters.model(family);
      Model adapted = adapted(model, Role.QUERY, Role.VALUE, Role.UP);
      Path place = folder.resolve(family.name());
      write(adapted, place, Saving.asStored(), ProgressListener.NONE);
      Model again = AdapterFolder.open(place).applyTo(model);
      assertEquals(adapted.lineage(), again.lineage());
      for (int block = 0; block < model.blocks().size(); block++) {
        for (Role role : List.of(Role.QUERY, Role.KEY, Role.VALUE, Role.UP)) {
          float[] before = adapted.blocks().get(block).parameter(role).weight().toFloats();
          float[] after = again.blocks().get(block).parameter(role).weight().toFloats();
          for (int i = 0; i < before.length; i++) {
            assertEquals(before[i], after[i], 1e-6, role.name());
          }
        }
      }
      Json config = Json.read(place.resolve("adapter_config.json"));
      assertEquals(family == Family.GPT2, config.at("fan_in_fan_out").bool());
    }
  }

  @Test
  void partsThatScaleDifferentlyCannotBeOneAdapter() {
    Model model = RandomAdapters.model(Family.GPT2);
    AdapterTarget query = new AdapterTarget(0, Role.QUERY);
    AdapterTarget value = new AdapterTarget(0, Role.VALUE);
    Map<AdapterTarget, LowRank> updates = new LinkedHashMap<>();
    updates.putAll(RandomAdapters.of(model, List.of(query), 1, 2).updates());
    updates.putAll(RandomAdapters.of(model, List.of(value), 2, 2).updates());
    Model adapted = new Adapter("", updates).applyTo(model);
    String module = model.layerName(Role.QUERY, 0).replace("[query]", "");
    assertWriteRefused(
        module
            + " has one adapter in PEFT's files, but "
            + module
            + "[value] has alpha 2.0 at rank 2 and another of its layers 2.0 at rank 1: they scale"
            + " differently; save(folder) writes the whole model",
        adapted);
    int most = Math.min(3 * model.config().width(), model.config().width());
    Model large = RandomAdapters.of(model, List.of(query, value), most / 2 + 1, 1).applyTo(model);
    assertWriteRefused(
        module
            + " holds layers whose A differ: one adapter for all has rank "
            + 2 * (most / 2 + 1)
            + ", more than its smaller side, "
            + most
            + "; save(folder) writes the whole model",
        large);
  }

  private void assertWriteRefused(String message, Model model) {
    Path place = folder.resolve("refused");
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> write(model, place, Saving.asStored(), ProgressListener.NONE));
    assertEquals(message, error.getMessage());
    assertFalse(Files.exists(place));
  }

  @Test
  void targetsAreNamedShortlyWhereThatIsEnough() {
    Path all = folder.resolve("all");
    write(adapted(MODEL, Role.QUERY), all, Saving.asStored(), ProgressListener.NONE);
    assertEquals(
        List.of("q_proj"),
        Json.read(all.resolve("adapter_config.json")).at("target_modules").texts());
    Path one = folder.resolve("one");
    Model single =
        RandomAdapters.of(MODEL, List.of(new AdapterTarget(0, Role.QUERY)), 2, 3).applyTo(MODEL);
    write(single, one, Saving.asStored(), ProgressListener.NONE);
    assertEquals(
        List.of(MODULE),
        Json.read(one.resolve("adapter_config.json")).at("target_modules").texts());
  }

  @Test
  void aFailureLeavesWhatWasThereWhole() throws IOException {
    Path place = folder.resolve("adapter");
    Model adapted = adapted(MODEL, Role.QUERY);
    write(adapted, place, Saving.asStored(), ProgressListener.NONE);
    byte[] before = Files.readAllBytes(place.resolve("adapter_model.safetensors"));
    ProgressListener full =
        (label, total, unit) ->
            units -> {
              throw new UncheckedIOException(new IOException("No space left on device"));
            };
    Model other = adapted(MODEL, Role.VALUE);
    Saving again = Saving.asStored().overwrite();
    assertThrows(UncheckedIOException.class, () -> write(other, place, again, full));
    assertEquals(List.of(place), List.of(Files.list(folder).toArray(Path[]::new)));
    assertArrayEquals(before, Files.readAllBytes(place.resolve("adapter_model.safetensors")));
    write(other, place, again, ProgressListener.NONE);
    assertEquals(
        Adapter.of(other).orElseThrow().updates().keySet(),
        AdapterFolder.open(place).adapter(MODEL).updates().keySet());
  }

  @Test
  void aHistoryOfOtherWeightsIsRefused() throws IOException {
    Path place = folder.resolve("adapter");
    write(adapted(MODEL, Role.QUERY), place, Saving.asStored(), ProgressListener.NONE);
    Files.delete(place.resolve("adapter_model.safetensors"));
    Files.copy(
        written().resolve("adapter_model.safetensors"), place.resolve("adapter_model.safetensors"));
    Files.copy(
        folder.resolve("adapter_config.json"),
        place.resolve("adapter_config.json"),
        StandardCopyOption.REPLACE_EXISTING);
    String said =
        assertThrows(BadFileException.class, () -> AdapterFolder.open(place).applyTo(MODEL))
            .getMessage();
    assertTrue(said.startsWith(place.resolve("kerf.json") + ": the weights beside it have"), said);
  }
}
