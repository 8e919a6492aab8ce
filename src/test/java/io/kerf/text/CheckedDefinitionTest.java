package io.kerf.text;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.kerf.file.BadFileException;
import io.kerf.json.Json;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What would end the process in native code, or could be made to write without bound. */
class CheckedDefinitionTest {
  private static final String MODEL = "{'type':'WordLevel','unk_token':'a','vocab':{'a':0}}";

  private static void check(String stage, String part) {
    String model = stage.equals("model") ? "" : "'model':" + MODEL + ",";
    String json = "{%s'%s':%s}".formatted(model, stage, part);
    CheckedDefinition.check(Json.parse(json.replace('\'', '"'), "t"));
  }

  private static void assertRefused(String message, String stage, String part) {
    assertEquals(
        "t: " + message,
        assertThrows(BadFileException.class, () -> check(stage, part)).getMessage());
  }

  @Test
  void partsAreKnownOnes() {
    assertDoesNotThrow(() -> check("decoder", "{'type':'ByteFallback'}"));
    assertRefused(
        "decoder.type 'Guess' is not known; known: BPEDecoder, ByteFallback, ByteLevel, CTC, Fuse,"
            + " Metaspace, Replace, Sequence, Strip, WordPiece",
        "decoder",
        "{'type':'Guess'}");
    assertRefused("decoder.type must be a string, was absent", "decoder", "'Fuse'");
  }

  @Test
  void aDecodersNumberFitsInADouble() {
    assertRefused(
        "decoder.start must be a number that a double holds, was \"Infinity\"",
        "decoder",
        "{'type':'Strip','content':'a','start':1e400,'stop':0}");
  }

  @Test
  void aDecodersTextIsUnicode() {
    assertRefused(
        "decoder.prefix has half a character: it is not Unicode text",
        "decoder",
        "{'type':'WordPiece','prefix':'\\ud800','cleanup':true}");
  }

  @Test
  void aDecoderStripsNoEnd() {
    assertRefused(
        "decoder.decoders[0].stop must be 0, the only one supported; was 1",
        "decoder",
        "{'type':'Sequence','decoders':[{'type':'Strip','content':'a','start':0,'stop':1}]}");
  }

  @Test
  void aTemplateNamesItsTokensAndEachTextOnce() {
    String template = "{'type':'TemplateProcessing','single':[%s],'pair':[],'special_tokens':{%s}}";
    String text = "{'Sequence':{'id':'%s','type_id':0}}";
    assertRefused(
        "post_processor.single[0].SpecialToken.id 'X' is not among special_tokens",
        "post_processor",
        template.formatted("{'SpecialToken':{'id':'X','type_id':0}}", ""));
    assertRefused(
        "post_processor.single[0].Sequence.id must be one of A, each once; was 'B'",
        "post_processor",
        template.formatted(text.formatted("B"), ""));
    assertRefused(
        "post_processor.single[1].Sequence.id must be one of A, each once; was 'A'",
        "post_processor",
        template.formatted(text.formatted("A") + "," + text.formatted("A"), ""));
    assertRefused(
        "post_processor.special_tokens.X must name as many ids as tokens, was"
            + " {\"id\":\"X\",\"ids\":[1,2],\"tokens\":[\"X\"]}",
        "post_processor",
        template.formatted("", "'X':{'id':'X','ids':[1,2],'tokens':['X']}"));
  }

  @Test
  void onlyOnePostProcessorPutsTokensAroundAText() {
    String bert = "{'type':'BertProcessing','sep':['a',0],'cls':['a',0]}";
    assertRefused(
        "post_processor.processors[1]: only one post-processor may put tokens around a text",
        "post_processor",
        "{'type':'Sequence','processors':[%s,%s]}".formatted(bert, bert));
  }

  @Test
  void replacementsDoNotMultiplyWithoutBound() {
    String ten = "{'type':'Replace','pattern':{'String':'a'},'content':'aaaaaaaaaa'}";
    assertRefused(
        "normalizer.normalizers[3].content: this and the parts before it turn a character into"
            + " 10000, more than 1000",
        "normalizer",
        "{'type':'Sequence','normalizers':[%s,%s,%s,%s]}".formatted(ten, ten, ten, ten));
    String bytes = "{'type':'ByteLevel'}";
    assertRefused(
        "normalizer.normalizers[4]: ByteLevel appears more than 4 times",
        "normalizer",
        "{'type':'Sequence','normalizers':[%s,%s,%s,%s,%s]}"
            .formatted(bytes, bytes, bytes, bytes, bytes));
  }

  /** Found by damaged files: what is put before the first character is lost by the next part. */
  @Test
  void aReplacementReplacesSomething() {
    for (String pattern : List.of("{'String':''}", "{'Regex':'a*'}", "{'Regex':'b|(?=a)^'}")) {
      assertRefused(
          "normalizer.pattern must not match where there is nothing to replace",
          "normalizer",
          "{'type':'Replace','pattern':%s,'content':'x'}".formatted(pattern));
    }
    assertDoesNotThrow(
        () ->
            check(
                "normalizer",
                "{'type':'Replace','pattern':{'Regex':' {2,}|(?i:b)c?'},'content':' '}"));
  }

  /** Found by damaged files, as above. */
  @Test
  void whatIsPutBeforeATextIsNotEmpty() {
    assertRefused(
        "normalizer.prepend must not be empty", "normalizer", "{'type':'Prepend','prepend':''}");
  }

  @Test
  void partsAreFew() {
    String nested = "{'type':'Fuse'}";
    for (int i = 0; i < 5; i++) {
      nested = "{'type':'Sequence','decoders':[" + nested + "]}";
    }
    assertRefused(
        "decoder.decoders[0].decoders[0].decoders[0].decoders[0].decoders[0]: more than 64 parts,"
            + " or nested more than 4 deep, are no tokenizer's",
        "decoder",
        nested);
  }

  @Test
  void aMergeBehindAPrefixHasIt() {
    assertRefused(
        "model.merges[0]: 'b' does not begin with continuing_subword_prefix '##'",
        "model",
        "{'type':'BPE','continuing_subword_prefix':'##','vocab':{},'merges':['a b']}");
    assertRefused(
        "model.merges[0]: 'b' does not begin with continuing_subword_prefix '##'",
        "model",
        "{'type':'BPE','continuing_subword_prefix':'##','vocab':{},'merges':[['a','b']]}");
  }

  @Test
  void tokensDoNotDifferFromRunToRun() {
    assertRefused(
        "model.dropout must be null: tokens that differ from run to run measure nothing",
        "model",
        "{'type':'BPE','dropout':0.1,'vocab':{},'merges':[]}");
  }

  @Test
  void anAddedTokenIsNotEmpty() {
    assertRefused(
        "added_tokens[0].content must not be empty", "added_tokens", "[{'id':0,'content':''}]");
  }

  @Test
  void aCompiledTableLeadsNowhereElse() {
    assertDoesNotThrow(() -> check("normalizer", precompiled(256, 0, 0, "x\0")));
    assertRefused(
        "normalizer.precompiled_charsmap: its trie leads to unit 767 of 256",
        "normalizer",
        precompiled(256, 2 << 10 | 1 << 9, 0, "x\0"));
    assertRefused(
        "normalizer.precompiled_charsmap: its trie ends at byte 9 of 2, no beginning of a"
            + " character",
        "normalizer",
        precompiled(256, 0, 9, "x\0"));
    assertRefused(
        "normalizer.precompiled_charsmap: its trie has 1024 of the 0 bytes that follow",
        "normalizer",
        "{'type':'Precompiled','precompiled_charsmap':'AAQAAA=='}");
    assertRefused(
        "normalizer.precompiled_charsmap: a replacement has 2000 bytes, more than 1024",
        "normalizer",
        precompiled(256, 0, 0, "x".repeat(2000)));
  }

  /** A trie whose state 0 goes by 'a' to state 'a', which is replaced by what begins there. */
  private static String precompiled(int units, int root, int replacement, String replacements) {
    ByteBuffer bytes = ByteBuffer.allocate(4 + 4 * units + replacements.length());
    bytes.order(ByteOrder.LITTLE_ENDIAN).putInt(4 * units);
    bytes.putInt(4, root);
    bytes.putInt(4 + 4 * 'a', 'a' | 1 << 8 | 'b' << 10);
    bytes.putInt(4 + 4 * ('a' ^ 'b'), replacement);
    bytes.position(4 + 4 * units).put(replacements.getBytes(StandardCharsets.UTF_8));
    bytes.putInt(0, 4 * units);
    return "{'type':'Precompiled','precompiled_charsmap':'%s'}"
        .formatted(Base64.getEncoder().encodeToString(bytes.array()));
  }
}
