package io.kerf.compress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kerf.model.Model;
import io.kerf.model.Role;
import io.kerf.name.UnknownNameException;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScopeTest {
  @Test
  void allIsEveryLinearInsideTheBlocks() {
    for (Role role : Role.values()) {
      assertEquals(role.isBlockLinear(), Scope.ALL.contains(role), role.name());
      assertEquals(role.isAttention(), Scope.ATTENTION.contains(role), role.name());
      assertEquals(role.isFeedForward(), Scope.FFN.contains(role), role.name());
    }
    assertFalse(Scope.QKV.contains(Role.OUTPUT));
  }

  @Test
  void isFoundByItsLabel() {
    for (Scope scope : Scope.values()) {
      assertEquals(scope, Scope.named(scope.label()));
      assertEquals(scope, Scope.named(scope.name()));
    }
    var error = assertThrows(UnknownNameException.class, () -> Scope.named("atention"));
    assertEquals(
        "Unknown scope 'atention'. Did you mean: attention?" + " Known: " + known(),
        error.getMessage());
  }

  @Test
  void someScopeMustBeNamed() {
    var error = assertThrows(IllegalArgumentException.class, () -> Magnitude.of(0.5).in());
    assertEquals("name at least one scope: " + known(), error.getMessage());
  }

  private static String known() {
    return "qkv, attention, ffn, all, encoder_attention, decoder_attention, cross_attention, head,"
        + " embeddings";
  }

  @Test
  void scopesOfAttentionTellTheStacksApart() {
    Model both = TinyModels.encoderDecoder(2, 3);
    assertEquals(2 * 4 * 256, cut(both, Scope.ENCODER_ATTENTION));
    assertEquals(3 * 4 * 256, cut(both, Scope.DECODER_ATTENTION));
    assertEquals(3 * 4 * 256, cut(both, Scope.CROSS_ATTENTION));
    assertEquals(8 * 4 * 256, cut(both, Scope.ATTENTION));
    assertEquals(8 * 3 * 256, cut(both, Scope.QKV));
    assertEquals(5 * 2 * 384, cut(both, Scope.FFN));
    assertEquals(8 * 4 * 256 + 5 * 2 * 384, cut(both, Scope.ALL));
    Model decoder = TinyModels.decoder(2, false);
    assertEquals(cut(decoder, Scope.ATTENTION), cut(decoder, Scope.DECODER_ATTENTION));
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> Magnitude.of(0.5).in(Scope.CROSS_ATTENTION).apply(decoder));
    assertEquals("tiny has no weights in scope cross_attention", error.getMessage());
  }

  @Test
  void scopesHoldTheSameWeightsInEveryCut() {
    Model dense = TinyModels.decoder(2, false);
    assertEquals(2 * 3 * 256, cut(dense, Scope.QKV));
    assertEquals(2 * 4 * 256, cut(dense, Scope.ATTENTION));
    assertEquals(2 * 3 * 384, cut(dense, Scope.FFN));
    assertEquals(2 * (4 * 256 + 3 * 384), cut(dense, Scope.ALL));
    assertEquals(2 * (3 * 256 + 3 * 384), cut(dense, Scope.QKV, Scope.FFN));
    assertEquals(160, cut(dense, Scope.HEAD));
    assertEquals(160, cut(dense, Scope.EMBEDDINGS));
  }

  private static long cut(Model dense, Scope... scopes) {
    List<WeightSummary> rows = WeightSummary.of(RoundToNearest.int8().in(scopes).apply(dense));
    return rows.stream()
        .filter(row -> row.encoding().startsWith("int8"))
        .mapToLong(WeightSummary::parameters)
        .sum();
  }
}
