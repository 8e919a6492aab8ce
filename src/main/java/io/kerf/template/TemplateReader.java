package io.kerf.template;

import com.hubspot.jinjava.Jinjava;
import com.hubspot.jinjava.JinjavaConfig;
import com.hubspot.jinjava.LegacyOverrides;
import com.hubspot.jinjava.interpret.InterpretException;
import com.hubspot.jinjava.interpret.JinjavaInterpreter;
import com.hubspot.jinjava.tree.ExpressionNode;
import com.hubspot.jinjava.tree.Node;
import com.hubspot.jinjava.tree.TagNode;
import com.hubspot.jinjava.tree.TextNode;
import com.hubspot.jinjava.tree.parse.ExpressionToken;
import com.hubspot.jinjava.tree.parse.TextToken;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the pieces of a template with Jinjava. */
final class TemplateReader {
  private static final Jinjava LIBRARY =
      new Jinjava(
          JinjavaConfig.newBuilder()
              .withLegacyOverrides(
                  LegacyOverrides.newBuilder()
                      .withUseNaturalOperatorPrecedence(true)
                      .withParseWhitespaceControlStrictly(true)
                      .withUseTrimmingForNotesAndExpressions(true)
                      .withHandleBackslashInQuotesOnly(true)
                      .build())
              .build());

  private static final Pattern FOR = Pattern.compile("\\s*(.+?)\\s+in\\s+(.+)", Pattern.DOTALL);
  private static final Pattern SET =
      Pattern.compile("\\s*([\\w.]+(?:\\s*,\\s*[\\w.]+)*)\\s*=(?!=)(.+)", Pattern.DOTALL);

  private TemplateReader() {}

  static List<Piece> read(String source) {
    JinjavaInterpreter interpreter = LIBRARY.newInterpreter();
    JinjavaInterpreter.pushCurrent(interpreter); // the grammar asks it for the order of operators
    try {
      Node root = interpreter.parse(source.replace("\r\n", "\n").replace('\r', '\n'));
      if (!interpreter.getErrors().isEmpty()) {
        throw new TemplateException(interpreter.getErrors().get(0).getMessage());
      }
      return pieces(root.getChildren());
    } catch (InterpretException e) {
      throw new TemplateException(e.getMessage());
    } catch (StackOverflowError e) {
      throw new TemplateException("it is nested too deeply");
    } finally {
      JinjavaInterpreter.popCurrent();
    }
  }

  private static List<Piece> pieces(List<Node> nodes) {
    List<Piece> pieces = new ArrayList<>();
    for (Node node : nodes) {
      pieces.add(piece(node));
    }
    return pieces;
  }

  private static Piece piece(Node node) {
    if (node instanceof TextNode) {
      return new Piece.Text(((TextToken) node.getMaster()).output());
    }
    if (node instanceof ExpressionNode) {
      return new Piece.Output(
          ExpressionReader.read(((ExpressionToken) node.getMaster()).getExpr()));
    }
    TagNode tag = (TagNode) node;
    return switch (tag.getName()) {
      case "if" -> conditional(tag);
      case "for" -> loop(tag);
      case "set" -> assignment(tag);
      case "raw" -> raw(tag);
      default ->
          throw new TemplateException(
              "the tag '" + tag.getName() + "' is not known; known are if, for, set and raw");
    };
  }

  private static Piece conditional(TagNode tag) {
    List<Piece.Branch> branches = new ArrayList<>();
    Expression condition = ExpressionReader.read(tag.getHelpers());
    List<Piece> body = new ArrayList<>();
    for (Node child : tag.getChildren()) {
      if (child instanceof TagNode next && List.of("elif", "else").contains(next.getName())) {
        branches.add(new Piece.Branch(condition, body));
        condition = next.getName().equals("else") ? null : ExpressionReader.read(next.getHelpers());
        body = new ArrayList<>();
      } else {
        body.add(piece(child));
      }
    }
    branches.add(new Piece.Branch(condition, body));
    return new Piece.If(branches);
  }

  private static Piece loop(TagNode tag) {
    Matcher parts = FOR.matcher(tag.getHelpers());
    if (!parts.matches()) {
      throw new TemplateException("'for" + tag.getHelpers() + "' must read 'for NAME in ITEMS'");
    }
    Expression items = ExpressionReader.read(parts.group(2));
    Expression filter = null;
    if (items instanceof Expression.Choice choice && choice.otherwise() == null) {
      items = choice.then(); // "x in xs if x" chooses among the items
      filter = choice.condition();
    }
    List<Piece> body = new ArrayList<>();
    List<Piece> otherwise = new ArrayList<>();
    List<Piece> current = body;
    for (Node child : tag.getChildren()) {
      if (child instanceof TagNode next && next.getName().equals("else")) {
        current = otherwise;
      } else {
        current.add(piece(child));
      }
    }
    return new Piece.For(names(parts.group(1)), items, filter, body, otherwise);
  }

  private static Piece assignment(TagNode tag) {
    Matcher parts = SET.matcher(tag.getHelpers());
    if (parts.matches()) {
      return new Piece.Assign(names(parts.group(1)), assigned(parts.group(2)));
    }
    String target = tag.getHelpers().strip();
    if (!target.matches("\\w+")) {
      throw new TemplateException("'set" + tag.getHelpers() + "' must read 'set NAME = VALUE'");
    }
    return new Piece.Capture(target, pieces(tag.getChildren()));
  }

  /** What is assigned may be a tuple without its parentheses. */
  private static Expression assigned(String value) {
    try {
      return ExpressionReader.read(value);
    } catch (TemplateException e) {
      if (!value.contains(",")) {
        throw e;
      }
      return ExpressionReader.read("(" + value + ")");
    }
  }

  private static Piece raw(TagNode tag) {
    StringBuilder text = new StringBuilder();
    tag.getChildren().forEach(child -> text.append(child.getMaster().getImage()));
    return new Piece.Text(text.toString());
  }

  private static List<String> names(String targets) {
    String plain = targets.replaceAll("[()]", "");
    return Arrays.stream(plain.split(",")).map(String::strip).filter(n -> !n.isEmpty()).toList();
  }
}
