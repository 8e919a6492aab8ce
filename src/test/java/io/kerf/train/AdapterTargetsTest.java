package io.kerf.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.kerf.Fixtures;
import io.kerf.compress.Scope;
import io.kerf.model.AdapterLayers;
import io.kerf.model.AdapterTarget;
import io.kerf.model.Family;
import io.kerf.model.Model;
import io.kerf.model.ModelReader;
import io.kerf.model.Role;
import io.kerf.name.UnknownNameException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a user names gets an adapter, in whatever words. */
class AdapterTargetsTest {
  private static final List<Model> MODELS =
      Fixtures.cases("models", "*").stream().map(ModelReader::read).toList();

  private static Stream<Model> of(Family... families) {
    List<Model> found =
        MODELS.stream()
            .filter(model -> Arrays.asList(families).contains(model.config().family()))
            .toList();
    assertFalse(found.isEmpty(), () -> "no model of " + Arrays.toString(families));
    return found.stream();
  }

  private static Model any(Family family) {
    return of(family).findFirst().orElseThrow();
  }

  @Test
  void scopesAreThoseOfCuts() {
    for (Model model : MODELS) {
      for (Scope scope : List.of(Scope.QKV, Scope.ATTENTION, Scope.FFN, Scope.ALL)) {
        List<AdapterTarget> found = AdapterTargets.of(scope).in(model);
        assertEquals(found.stream().distinct().sorted().toList(), found);
        found.forEach(target -> assertTrue(scope.contains(target.role()), target::toString));
        boolean shares = model.config().family() == Family.ALBERT;
        long expected =
            (shares ? model.blocks().subList(0, 1) : model.blocks())
                .stream()
                    .flatMap(block -> block.parameters().keySet().stream())
                    .filter(scope::contains)
                    .count();
        assertEquals(expected, found.size(), scope + " of " + model.lineage().name());
      }
    }
  }

  @Test
  void namesAreThoseOfModules() {
    of(Family.LLAMA)
        .forEach(
            model -> {
              List<AdapterTarget> queries = AdapterTargets.of("q_proj").in(model);
              assertEquals(AdapterTargets.of(Role.QUERY).in(model), queries);
              assertEquals(queries, AdapterTargets.of("query").in(model), "a role's name");
              assertEquals(
                  List.of(new AdapterTarget(1, Role.UP)),
                  AdapterTargets.of("model.layers.1.mlp.up_proj").in(model));
              assertEquals(
                  AdapterTargets.of(Role.UP, Role.QUERY).in(model),
                  AdapterTargets.of("mlp.up_proj", "q_proj").in(model));
            });
  }

  @Test
  void aFusedModuleIsItsLayers() {
    Model model = any(Family.GPT2);
    assertEquals(AdapterTargets.of(Scope.QKV).in(model), AdapterTargets.of("c_attn").in(model));
    assertEquals(
        AdapterTargets.of(Role.VALUE).in(model), AdapterTargets.of("c_attn[value]").in(model));
  }

  @Test
  void aLayerThatDoesNotExistIsSaidWithWhatMayBeMeant() {
    Model model = any(Family.LLAMA);
    String name = model.lineage().name();
    int blocks = model.blocks().size();
    String known =
        " Linear layers of its "
            + blocks
            + " blocks: "
            + (model.config().head().tied() ? "" : "lm_head, ")
            + "q_proj, k_proj, v_proj, o_proj, gate_proj, up_proj, down_proj";
    assertUnknown(
        "Unknown layer 'gate_prjo' of " + name + " (llama). Did you mean: gate_proj?" + known,
        () -> AdapterTargets.of("gate_prjo").in(model));
    assertUnknown(
        "Unknown layer 'c_attn' of " + name + " (llama)." + known,
        () -> AdapterTargets.of("c_attn").in(model));
    var error =
        assertThrows(
            UnknownNameException.class,
            () -> AdapterTargets.of("model.layers." + blocks + ".mlp.up_proj").in(model));
    assertTrue(error.getMessage().contains(".mlp.up_proj, "), error.getMessage());
  }

  private static void assertUnknown(String message, Runnable naming) {
    assertEquals(message, assertThrows(UnknownNameException.class, naming::run).getMessage());
  }

  @Test
  void aHeadThatIsTheEmbeddingTakesNone() {
    Model tied = MODELS.stream().filter(m -> m.config().head().tied()).findFirst().orElseThrow();
    String head = tied.layerName(Role.HEAD, -1);
    String said =
        assertThrows(IllegalArgumentException.class, () -> AdapterTargets.of(head).in(tied))
            .getMessage();
    assertTrue(said.contains("Its head is its token embedding, which takes no adapter."), said);
    Model own =
        MODELS.stream()
            .filter(m -> !m.config().head().tied() && m.config().family() == Family.LLAMA)
            .findFirst()
            .orElseThrow();
    assertEquals(List.of(new AdapterTarget(-1, Role.HEAD)), AdapterTargets.of(Scope.HEAD).in(own));
  }

  @Test
  void aScopeWithoutLayersIsSaidWithWhatThereIs() {
    Model model = any(Family.GPT2);
    String name = model.lineage().name();
    assertRefused(
        name + " (gpt2) has no linear layers in role GATE; it has c_attn, c_proj, c_fc",
        () -> AdapterTargets.of(Role.GATE).in(model));
    assertRefused(
        name + " (gpt2) has no linear layers in scope cross_attention; it has c_attn, c_proj, c_fc",
        () -> AdapterTargets.of(Scope.CROSS_ATTENTION).in(model));
    assertRefused(
        "an embedding takes no adapter; name ATTENTION, FFN, ALL or HEAD",
        () -> AdapterTargets.of(Scope.EMBEDDINGS));
    assertRefused(
        "name what gets an adapter: a scope (ATTENTION), a role or a module (\"q_proj\")",
        () -> AdapterTargets.of(new String[0]));
  }

  private static void assertRefused(String message, Runnable naming) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, naming::run).getMessage());
  }

  @Test
  void everyLayerIsFoundByItsOwnName() {
    for (Model model : MODELS) {
      AdapterLayers layers = AdapterLayers.of(model);
      for (AdapterTarget target : layers.all()) {
        assertEquals(List.of(target), AdapterTargets.of(layers.name(target)).in(model));
      }
    }
  }
}
