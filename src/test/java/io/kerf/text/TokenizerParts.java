package io.kerf.text;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Tokenizers of parts that no model puts together. */
final class TokenizerParts {
  private static final String PATTERN =
      "{'Regex':'\\\\s+(?!\\\\S)|[^\\\\r\\\\p{L}]?\\\\p{L}+|\\\\d{1,3}'}";
  private static final List<String> NORMALIZERS =
      List.of(
          "{'type':'BertNormalizer','clean_text':true,'handle_chinese_chars':true,'strip_accents':null,'lowercase':true}",
          "{'type':'Strip','strip_left':true,'strip_right':true}",
          "{'type':'StripAccents'}",
          "{'type':'NFC'}",
          "{'type':'NFKD'}",
          "{'type':'Nmt'}",
          "{'type':'Lowercase'}",
          "{'type':'ByteLevel'}",
          "{'type':'Prepend','prepend':'▁'}",
          "{'type':'Replace','pattern':{'String':' '},'content':'▁'}",
          "{'type':'Replace','pattern':" + PATTERN + ",'content':'a'}",
          "{'type':'Replace','pattern':{'String':'O'},'content':''}",
          "{'type':'Replace','pattern':{'Regex':'[O-P]'},'content':'xyz'}");
  private static final List<String> PRE_TOKENIZERS =
      List.of(
          "{'type':'BertPreTokenizer'}",
          "{'type':'ByteLevel','add_prefix_space':true,'trim_offsets':true,'use_regex':true}",
          "{'type':'CharDelimiterSplit','delimiter':'a'}",
          "{'type':'Metaspace','replacement':'▁','prepend_scheme':'always','split':true}",
          "{'type':'Whitespace'}",
          "{'type':'WhitespaceSplit'}",
          "{'type':'Split','pattern':"
              + PATTERN
              + ",'behavior':'MergedWithPrevious','invert':false}",
          "{'type':'Split','pattern':{'String':'a'},'behavior':'Removed','invert':true}",
          "{'type':'Punctuation','behavior':'Isolated'}",
          "{'type':'Digits','individual_digits':true}",
          "{'type':'UnicodeScripts'}");
  private static final List<String> DECODERS =
      List.of(
          "{'type':'BPEDecoder','suffix':'</w>'}",
          "{'type':'ByteFallback'}",
          "{'type':'ByteLevel','add_prefix_space':true,'trim_offsets':true,'use_regex':true}",
          "{'type':'CTC','pad_token':'a','word_delimiter_token':'|','cleanup':true}",
          "{'type':'Fuse'}",
          "{'type':'Metaspace','replacement':'▁','prepend_scheme':'first','split':false}",
          "{'type':'Replace','pattern':{'String':'▁'},'content':' '}",
          "{'type':'Replace','pattern':" + PATTERN + ",'content':''}",
          "{'type':'Strip','content':' ','start':1,'stop':0}",
          "{'type':'WordPiece','prefix':'##','cleanup':true}");
  private static final List<String> PROCESSORS =
      List.of(
          "{'type':'BertProcessing','sep':['b',1],'cls':['a',0]}",
          "{'type':'RobertaProcessing','sep':['b',1],'cls':['a',0],'trim_offsets':true,'add_prefix_space':true}",
          "{'type':'ByteLevel','add_prefix_space':true,'trim_offsets':true,'use_regex':true}",
          "{'type':'TemplateProcessing','single':[{'SpecialToken':{'id':'a','type_id':0}},{'Sequence':{'id':'A','type_id':0}}],"
              + "'pair':[{'Sequence':{'id':'A','type_id':0}},{'SpecialToken':{'id':'a','type_id':0}},{'Sequence':{'id':'B','type_id':1}}],"
              + "'special_tokens':{'a':{'id':'a','ids':[0],'tokens':['a']}}}");
  private static final String IDS =
      "{'a':0,'b':1,'ab':2,'▁':3,'##b':4,'<unk>':5,'e':6,'▁a':7,'a##b':8,'<0x0A>':9}";
  private static final List<String> MODELS =
      List.of(
          "{'type':'BPE','dropout':null,'unk_token':'<unk>','continuing_subword_prefix':null,'end_of_word_suffix':null,"
              + "'fuse_unk':true,'byte_fallback':true,'ignore_merges':true,'vocab':"
              + IDS
              + ",'merges':[['a','b'],['▁','a']]}",
          "{'type':'BPE','dropout':null,'unk_token':null,'continuing_subword_prefix':'##','end_of_word_suffix':'',"
              + "'fuse_unk':false,'byte_fallback':false,'ignore_merges':false,'vocab':"
              + IDS
              + ",'merges':['a ##b']}",
          "{'type':'WordPiece','unk_token':'<unk>','continuing_subword_prefix':'##','max_input_chars_per_word':100,'vocab':"
              + IDS
              + "}",
          "{'type':'WordLevel','unk_token':'<unk>','vocab':" + IDS + "}",
          "{'type':'Unigram','unk_id':0,'byte_fallback':true,'vocab':[['<unk>',0],['a',-1.5],['b',-2],['ab',-3.25],['▁',-4],['<0x0A>',-5]]}");

  private TokenizerParts() {}

  static String random(Random random) {
    String json =
        "{'version':'1.0','truncation':%s,'padding':%s,'added_tokens':[%s],'normalizer':%s,'pre_tokenizer':%s,'post_processor':%s,'decoder':%s,'model':%s}"
            .formatted(
                random.nextInt(4) == 0
                    ? "{'max_length':3,'strategy':'LongestFirst','direction':'Right','stride':1}"
                    : "null",
                random.nextInt(4) == 0
                    ? "{'strategy':{'Fixed':20},'direction':'Right','pad_to_multiple_of':8,'pad_id':0,'pad_type_id':0,'pad_token':'a'}"
                    : "null",
                "{'id':5,'content':'<unk>','single_word':%s,'lstrip':%s,'rstrip':%s,'normalized':%s,'special':%s}"
                    .formatted(
                        random.nextBoolean(),
                        random.nextBoolean(),
                        random.nextBoolean(),
                        random.nextBoolean(),
                        random.nextBoolean()),
                part(NORMALIZERS, "normalizers", random),
                part(PRE_TOKENIZERS, "pretokenizers", random),
                part(PROCESSORS, "processors", random),
                part(DECODERS, "decoders", random),
                one(MODELS, random));
    return json.replace('\'', '"');
  }

  private static String part(List<String> parts, String children, Random random) {
    int count = random.nextInt(5);
    if (count < 2) {
      return count == 0 ? "null" : one(parts, random);
    }
    return IntStream.range(0, count)
        .mapToObj(i -> one(parts, random))
        .collect(Collectors.joining(",", "{'type':'Sequence','" + children + "':[", "]}"));
  }

  private static String one(List<String> parts, Random random) {
    return parts.get(random.nextInt(parts.size()));
  }
}
