package io.kerf;

import static io.kerf.Kerf.ATTENTION;
import static io.kerf.Kerf.F32;
import static io.kerf.Kerf.FFN;
import static io.kerf.Kerf.FLOAT16;
import static io.kerf.Kerf.QKV;
import static io.kerf.Kerf.asStored;
import static io.kerf.Kerf.int4;
import static io.kerf.Kerf.int8;
import static io.kerf.Kerf.int8Dynamic;
import static io.kerf.Kerf.layers;
import static io.kerf.Kerf.load;
import static io.kerf.Kerf.magnitude;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.compress.Scope;
import io.kerf.engine.TinyLogits;
import io.kerf.json.Json;
import io.kerf.model.Family;
import io.kerf.train.AdapterTargets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Adapters at the door: found with their base, cut, saved. */
class AdapterVariantTest {
  private static final Path PLACE = TinyVariants.folder(Family.Kind.CAUSAL).toAbsolutePath();
  private static final Variant DENSE = TinyVariants.CAUSAL;

  @TempDir private Path folder;

  private static Variant adapted(Variant variant, Scope... scopes) {
    var targets = AdapterTargets.of(scopes).in(variant.model());
    return new Variant(RandomAdapters.of(variant.model(), targets, 2, 4).applyTo(variant.model()));
  }

  private static void assertRefused(String message, Runnable doing) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, doing::run).getMessage());
  }

  /** The folder of an adapter with that base in its configuration. */
  private Path naming(Object base) throws IOException {
    Path place = folder.resolve("named-" + System.nanoTime());
    adapted(DENSE, QKV).saveAdapter(place);
    Path config = place.resolve("adapter_config.json");
    Map<String, Object> json = new TreeMap<>(Json.read(config).toMap());
    json.put("base_model_name_or_path", base);
    Files.writeString(config, Json.write(json));
    Files.delete(place.resolve("kerf.json")); // as PEFT writes it
    return place;
  }

  @Test
  void theSummarySaysWhatIsAdapted() {
    Variant adapted = adapted(DENSE, ATTENTION);
    assertEquals("LoRA rank 2", adapted.label());
    assertTrue(adapted.text().contains(" + rank 2"), adapted::text);
    assertTrue(adapted.text().contains("LoRA rank 2, alpha 4"), adapted::text);
    assertTrue(adapted.achieved().sizeBytes() > DENSE.achieved().sizeBytes());
    assertEquals("LoRA rank 2 + merged", adapted.merged().label());
  }

  @Test
  void theBaseIsFoundByItsPath() throws IOException {
    Variant adapted = adapted(DENSE, QKV);
    float[] expected = TinyLogits.of(adapted.model());
    Path saved = adapted.saveAdapter(folder.resolve("adapter"));
    assertEquals(
        PLACE.toString(),
        Json.read(saved.resolve("adapter_config.json")).at("base_model_name_or_path").text());
    assertArrayEquals(expected, TinyLogits.of(load(saved.toString()).model()));
    Path relative = naming("../beside");
    Files.createSymbolicLink(folder.resolve("beside"), PLACE);
    assertArrayEquals(expected, TinyLogits.of(load(relative).model()));
  }

  @Test
  void aBaseThatIsNotFoundSaysHowToGiveIt() throws IOException {
    Path nowhere = naming("no-such-model");
    String said = assertThrows(IllegalArgumentException.class, () -> load(nowhere)).getMessage();
    assertTrue(
        said.startsWith(
            nowhere
                + " is an adapter for 'no-such-model', which could not be loaded (Unknown model"
                + " 'no-such-model'."),
        said);
    String way = "; load the model that it is for and say dense.adapt(\"" + nowhere + "\")";
    assertTrue(said.endsWith(way), said);
    Variant given = DENSE.adapt(nowhere.toString());
    assertEquals(
        "no-such-model", given.lineage().steps().get(0).settings().get("made for"), given::text);
  }

  @Test
  void anAdapterWithoutABaseOrOnAnotherAdapterSaysSo() throws IOException {
    for (Object none : new Object[] {"", null}) {
      Path place = naming(none);
      assertRefused(
          place
              + " does not say which model its adapter is for (base_model_name_or_path is empty);"
              + " load the model that it is for and say dense.adapt(\""
              + place
              + "\")",
          () -> load(place));
    }
    Path itself = naming(".");
    assertRefused(
        itself
            + ": its base, '.', is an adapter itself; merge that one and save it, or load the"
            + " model that it is for and say dense.adapt(\""
            + itself
            + "\")",
        () -> load(itself));
  }

  @Test
  void anAdapterOfACutModelNeedsThatModelsFolder() {
    Variant chopped = DENSE.dropLayers(layers(0));
    Variant healed = adapted(chopped, QKV);
    Path place = folder.resolve("healed");
    assertRefused(
        "the adapter of '"
            + healed.label()
            + "' is for a model that was cut too, and an adapter's folder holds none; save that"
            + " model without its adapter, and name its folder: saveAdapter(folder, base)",
        () -> healed.saveAdapter(place));
    Path base = chopped.save(folder.resolve("chopped"));
    healed.saveAdapter(place, base);
    Variant again = load(place);
    assertEquals(healed.lineage(), again.lineage());
    assertArrayEquals(TinyLogits.of(healed.model()), TinyLogits.of(again.model()));
  }

  @Test
  void whatHasNoAdapterOfItsOwnHasNoneToSave() {
    Path place = folder.resolve("none");
    String of = "' of " + DENSE.lineage().name();
    assertRefused(
        "'dense" + of + " has no adapter; save(folder) writes the whole model",
        () -> DENSE.saveAdapter(place));
    Variant pruned = adapted(DENSE, QKV).prune(magnitude(0.5).in(QKV));
    String said =
        assertThrows(IllegalArgumentException.class, () -> pruned.saveAdapter(place)).getMessage();
    assertTrue(said.contains(" was pruned after it got its adapter, which the adapter"), said);
    assertTrue(Files.notExists(place));
  }

  @Test
  void replacesOnlyAnAdapterAndOnlyWhenAsked() throws IOException {
    Variant adapted = adapted(DENSE, QKV);
    Path place = adapted.saveAdapter(folder.resolve("adapter").toString());
    assertRefused(
        place + " holds an adapter that Kerf saved; to replace it ask for overwrite()",
        () -> adapted.saveAdapter(place));
    adapted.saveAdapter(place, "", asStored().as(FLOAT16).overwrite());
    assertEquals(adapted.lineage(), load(place).lineage());
    Path model = DENSE.save(folder.resolve("model"));
    assertThrows(
        IllegalArgumentException.class,
        () -> adapted.saveAdapter(model, "", asStored().overwrite()));
  }

  @Test
  void isCutAndSavedLikeAnyOther() {
    Variant adapted = adapted(DENSE, ATTENTION);
    Variant merged = adapted.merged();
    for (var cut :
        List.<UnaryOperator<Variant>>of(
            v -> v.prune(magnitude(0.5)),
            v -> v.quantize(int8()),
            v -> v.quantize(int4().group(8)),
            v -> v.dropLayers(layers(0)),
            v -> v.prune(magnitude(0.3).in(FFN)).quantize(int8Dynamic()))) {
      Variant one = cut.apply(adapted);
      Variant other = cut.apply(merged);
      assertArrayEquals(TinyLogits.of(other.model()), TinyLogits.of(one.model()), one.label());
      Variant again = load(one.save(folder.resolve("cut-" + System.nanoTime())));
      assertEquals(one.lineage(), again.lineage());
    }
    Variant quantizedFirst = adapted(DENSE.quantize(int4().group(8)), QKV);
    assertArrayEquals(
        TinyLogits.of(quantizedFirst.merged().model()), TinyLogits.of(quantizedFirst.model()));
    assertTrue(quantizedFirst.text().contains("int4 sym group 8 + rank 2"), quantizedFirst::text);
  }

  @Test
  void isAGgufAndAnOnnxFileWithItsSums() throws IOException {
    Variant dense =
        Fixtures.cases("models", "*").stream()
            .map(Kerf::load)
            .filter(v -> v.model().config().family() == Family.GPT2)
            .findFirst()
            .orElseThrow();
    Variant adapted = adapted(dense, ATTENTION, FFN);
    Variant gguf = load(adapted.saveGguf(folder.resolve("adapted.gguf"), F32));
    assertArrayEquals(TinyLogits.of(adapted.model()), TinyLogits.of(gguf.model()));
    byte[] graph = Files.readAllBytes(adapted.saveOnnx(folder.resolve("adapted.onnx")));
    byte[] merged = Files.readAllBytes(adapted.merged().saveOnnx(folder.resolve("merged.onnx")));
    assertTrue(Math.abs(graph.length - merged.length) < 200, "the same but for the label");
  }

  @Test
  void aFolderThatIsNotThereIsNoAdapters() {
    Path file = folder.resolve("file");
    assertEquals(
        file + " has no adapter_config.json: it is not the folder of an adapter",
        assertThrows(IllegalArgumentException.class, () -> DENSE.adapt(file)).getMessage());
  }
}
