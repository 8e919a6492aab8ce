package io.kerf.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kerf.eval.Request.LogLikelihood;
import io.kerf.eval.Request.Rolling;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestEncoderTest {
  private static final int A = 'a' + 4;
  private static final int SPACE_A = 'a' + 260;
  private static final int BOS = CharacterTokenizer.BOS;

  private final RequestEncoder encoder = new RequestEncoder(new CharacterTokenizer(true), 4, BOS);

  @Test
  void movesTrailingSpacesOfTheContextToTheContinuation() {
    Span span = encoder.encode(new LogLikelihood("b ", "a")).spans().get(0);
    assertEquals(new Span(Tokens.of(BOS, A + 1), Tokens.of(SPACE_A)), span);
  }

  @Test
  void putsThePrefixTokenBeforeAContinuationWithoutContext() {
    Span span = encoder.encode(new LogLikelihood("", "aa")).spans().get(0);
    assertEquals(new Span(Tokens.of(BOS), Tokens.of(A, A)), span);
  }

  @Test
  void cutsTheContextOnTheLeftToOneMoreThanTheWindow() {
    var encoded = encoder.encode(new LogLikelihood("bcdef", "a"));
    assertEquals(2, encoded.droppedContextTokens()); // bos and b
    Span span = encoded.spans().get(0);
    assertEquals(4, span.inputs().size());
    assertEquals(Tokens.of(A), span.scored());
  }

  @Test
  void refusesAContinuationLongerThanTheWindow() {
    var error =
        assertThrows(
            IllegalArgumentException.class, () -> encoder.encode(new LogLikelihood("b", "aaaaaa")));
    assertEquals(
        "a continuation of 6 tokens is longer than the model's window of 4; score it as rolling"
            + " text",
        error.getMessage());
  }

  @Test
  void refusesAContinuationThatMeltsIntoItsContext() {
    // The harness would score nothing and call it certain.
    var merging = new CharacterTokenizer(true);
    var error =
        assertThrows(
            IllegalArgumentException.class,
            () -> new RequestEncoder(merging, 40, BOS).encode(new LogLikelihood("x[MASK", "]")));
    assertEquals(
        "no token is left to score: the continuation ']' melts into its context 'x[MASK'",
        error.getMessage());
  }

  @Test
  void rollsOverALongTextAndScoresEveryTokenOnce() {
    // bos and ten letters are eleven tokens: windows of 4, 4 and 3.
    List<Span> spans = encoder.encode(new Rolling("abcdefghij")).spans();
    assertEquals(3, spans.size());
    assertEquals(new Span(Tokens.of(BOS), Tokens.of(BOS, A, A + 1, A + 2)), spans.get(0));
    assertEquals(new Span(Tokens.of(A + 2), Tokens.of(A + 3, A + 4, A + 5, A + 6)), spans.get(1));
    assertEquals(new Span(Tokens.of(A + 5, A + 6), Tokens.of(A + 7, A + 8, A + 9)), spans.get(2));
  }
}
