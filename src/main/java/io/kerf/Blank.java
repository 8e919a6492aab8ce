package io.kerf;

import io.kerf.engine.DecoderSession;
import io.kerf.engine.EncoderDecoderSession;
import io.kerf.engine.EncoderSession;
import io.kerf.engine.TokenTree;
import io.kerf.engine.WeightFormat;
import io.kerf.model.Model;
import io.kerf.report.FootnotedTable;
import io.kerf.report.LineageText;
import io.kerf.report.TokenTable;
import io.kerf.text.Tokenizer;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A text with one blank, which a model of any kind fills.
 *
 * @param before the text before it
 * @param after the text behind it
 */
record Blank(String before, String after) {
  private static final String SENTINEL = "<extra_id_0>"; // what T5 was taught to fill
  private static final Pattern UNDERSCORES = Pattern.compile("_{3,}");
  private static final WeightFormat FORMAT = WeightFormat.FLOAT32_PACKED;

  /** Finds the blank. */
  static Blank of(String text) {
    Matcher matcher = UNDERSCORES.matcher(Objects.requireNonNull(text, "text"));
    List<String> found = matcher.results().map(result -> result.group()).toList();
    if (!found.equals(List.of("___"))) {
      throw new IllegalArgumentException(
          "the text must have exactly one blank, written ___ (three underscores); it has "
              + (found.isEmpty() ? "none" : String.join(" and ", found))
              + ": "
              + text);
    }
    int at = text.indexOf("___");
    return new Blank(text.substring(0, at), text.substring(at + 3));
  }

  /** The k likeliest tokens for it. */
  FootnotedTable fill(Model model, String title, int k) {
    int vocabulary = model.config().vocabulary();
    if (k < 1 || k > vocabulary) {
      throw new IllegalArgumentException("k must be in [1, " + vocabulary + "], was " + k);
    }
    float[] logits =
        switch (model.config().family().kind()) {
          case MASKED -> masked(model);
          case CAUSAL -> causal(model);
          case ENCODER_DECODER -> betweenSentinels(model);
        };
    return TokenTable.of(
        before + "___" + after + ", " + title,
        rows(model.tokenizer(), logits, k),
        "The likeliest of "
            + vocabulary
            + " tokens; weights in "
            + FORMAT.label()
            + ".\n"
            + LineageText.of(model.lineage()));
  }

  private float[] masked(Model model) {
    Tokenizer tokenizer = model.tokenizer();
    int mask = model.maskId();
    int[] ids = tokenizer.encode(before + tokenizer.token(mask) + after, true);
    int position = only(ids, mask, tokenizer.token(mask));
    try (EncoderSession session = EncoderSession.open(model, FORMAT)) {
      return session.logits(List.of(EncoderSession.Input.of(ids, position)))[0];
    }
  }

  private float[] betweenSentinels(Model model) {
    Tokenizer tokenizer = model.tokenizer();
    int sentinel =
        tokenizer
            .id(SENTINEL)
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        model.lineage().name() + ": its vocabulary has no " + SENTINEL));
    int[] ids = tokenizer.encode(before + SENTINEL + after, true);
    only(ids, sentinel, SENTINEL);
    try (EncoderDecoderSession session = EncoderDecoderSession.open(model, FORMAT)) {
      // Behind the start and the sentinel comes what it stands for.
      int[] decoded = session.decoderInput(sentinel, sentinel);
      return session.logits(List.of(new EncoderDecoderSession.Input(ids, decoded, 1)))[0];
    }
  }

  private float[] causal(Model model) {
    if (!after.isBlank()) {
      throw new IllegalArgumentException(
          model.lineage().name()
              + " is a causal language model and sees only what comes before the blank: put ___ at"
              + " the end of the text, was followed by '"
              + after
              + "'");
    }
    int[] ids = model.tokenizer().encode(before.stripTrailing(), true);
    if (ids.length == 0) {
      throw new IllegalArgumentException(
          model.lineage().name() + " needs a text before the blank to go on from");
    }
    try (DecoderSession session = DecoderSession.open(model, FORMAT)) {
      return session.logits(TokenTree.chain(ids), ids.length - 1)[0];
    }
  }

  private static int only(int[] ids, int token, String spelled) {
    int[] places = IntStream.range(0, ids.length).filter(i -> ids[i] == token).toArray();
    if (places.length != 1) {
      throw new IllegalArgumentException(
          "the text must have exactly one blank, and with "
              + spelled
              + " in its place there are "
              + places.length
              + ": write no "
              + spelled
              + " in it");
    }
    return places[0];
  }

  private static List<TokenTable.Row> rows(Tokenizer tokenizer, float[] logits, int k) {
    double largest = IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).max().orElse(0);
    double sum =
        IntStream.range(0, logits.length).mapToDouble(i -> Math.exp(logits[i] - largest)).sum();
    return IntStream.range(0, logits.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer id) -> -logits[id]))
        .limit(k)
        .map(id -> row(tokenizer, id, Math.exp(logits[id] - largest) / sum))
        .toList();
  }

  /** A vocabulary may have fewer tokens than the model has rows for them. */
  private static TokenTable.Row row(Tokenizer tokenizer, int id, double probability) {
    if (id >= tokenizer.vocabularySize()) {
      return new TokenTable.Row("", "(id " + id + ")", probability);
    }
    return new TokenTable.Row(
        tokenizer.decode(new int[] {id}, false).strip(), tokenizer.token(id), probability);
  }
}
