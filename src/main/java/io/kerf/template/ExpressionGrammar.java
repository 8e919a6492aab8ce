package io.kerf.template;

import com.hubspot.jinjava.el.ext.AstDict;
import com.hubspot.jinjava.el.ext.AstFilterChain;
import com.hubspot.jinjava.el.ext.AstList;
import com.hubspot.jinjava.el.ext.AstTuple;
import com.hubspot.jinjava.el.ext.ExtendedParser;
import com.hubspot.jinjava.el.ext.ExtendedScanner;
import com.hubspot.jinjava.el.ext.FilterSpec;
import com.hubspot.jinjava.el.ext.NamedParameterOperator;
import com.hubspot.jinjava.el.ext.PowerOfOperator;
import com.hubspot.jinjava.el.ext.StringConcatOperator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import jinjava.de.odysseus.el.tree.Bindings;
import jinjava.de.odysseus.el.tree.impl.Builder;
import jinjava.de.odysseus.el.tree.impl.Parser;
import jinjava.de.odysseus.el.tree.impl.Scanner;
import jinjava.de.odysseus.el.tree.impl.Scanner.Symbol;
import jinjava.de.odysseus.el.tree.impl.ast.AstBinary;
import jinjava.de.odysseus.el.tree.impl.ast.AstDot;
import jinjava.de.odysseus.el.tree.impl.ast.AstLiteral;
import jinjava.de.odysseus.el.tree.impl.ast.AstNode;
import jinjava.de.odysseus.el.tree.impl.ast.AstParameters;
import jinjava.de.odysseus.el.tree.impl.ast.AstUnary;
import jinjava.javax.el.ELContext;

/**
 * Jinjava's grammar of expressions, with Jinja's own order of operators, slices with a step and
 * strings with Python's escapes; its nodes say what they are made of.
 */
final class ExpressionGrammar extends ExtendedParser {
  ExpressionGrammar(String expression) {
    super(new Builder(Builder.Feature.METHOD_INVOCATIONS), "#{" + expression + "}");
  }

  /** A node that is only ever read. */
  private abstract static class Mute extends AstLiteral {
    @Override
    public Object eval(Bindings bindings, ELContext context) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void appendStructure(StringBuilder builder, Bindings bindings) {
      throw new UnsupportedOperationException();
    }
  }

  /** {@code name=value} in a call. */
  static final class Named extends Mute {
    final String name;
    final AstNode value;

    Named(String name, AstNode value) {
      this.name = name;
      this.value = value;
    }
  }

  /** {@code base[from:to:step]}, null where nothing stands. */
  static final class Slice extends Mute {
    final AstNode base;
    final AstNode[] bounds = new AstNode[3];

    Slice(AstNode base) {
      this.base = base;
    }
  }

  /** {@code then if condition else otherwise}. */
  static final class Choice extends Mute {
    final AstNode condition;
    final AstNode then;
    final AstNode otherwise; // null where there is no else

    Choice(AstNode condition, AstNode then, AstNode otherwise) {
      this.condition = condition;
      this.then = then;
      this.otherwise = otherwise;
    }
  }

  static final class Dot extends AstDot {
    Dot(AstNode base, String name) {
      super(base, name, true);
    }

    AstNode base() {
      return prefix;
    }

    String name() {
      return property;
    }
  }

  static final class Listing extends AstList {
    Listing(AstParameters elements) {
      super(elements);
    }

    AstParameters items() {
      return elements;
    }
  }

  static final class Tupling extends AstTuple {
    Tupling(AstParameters elements) {
      super(elements);
    }

    AstParameters items() {
      return elements;
    }
  }

  static final class Mapping extends AstDict {
    Mapping(Map<AstNode, AstNode> items) {
      super(items);
    }

    Map<AstNode, AstNode> items() {
      return dict;
    }
  }

  static final class Filtered extends AstFilterChain {
    final AstNode from;
    final List<FilterSpec> filters;

    Filtered(AstNode from, List<FilterSpec> filters) {
      super(from, filters);
      this.from = from;
      this.filters = filters;
    }
  }

  @Override
  protected AstDict createAstDict(Map<AstNode, AstNode> items) {
    return new Mapping(items);
  }

  @Override
  protected AstList createAstList(AstParameters items) {
    return new Listing(items);
  }

  @Override
  protected AstTuple createAstTuple(AstParameters items) {
    return new Tupling(items);
  }

  @Override
  protected AstDot createAstDot(AstNode base, String name, boolean lvalue) {
    return new Dot(base, name);
  }

  @Override
  protected AstFilterChain createAstFilterChain(AstNode input, List<FilterSpec> filters) {
    return new Filtered(input, filters);
  }

  @Override
  protected boolean shouldUseFilterChainOptimization() {
    return true;
  }

  private boolean at(Symbol symbol) {
    return getToken().getSymbol() == symbol;
  }

  @Override
  protected AstNode expr(boolean required) throws Scanner.ScanException, Parser.ParseException {
    AstNode then = or(required);
    if (then == null || !at(Symbol.QUESTION) || !getToken().getImage().equals("if")) {
      return then;
    }
    consumeToken();
    AstNode condition = or(true);
    AstNode otherwise = null;
    if (getToken().getImage().equals("else")) {
      consumeToken();
      otherwise = expr(true);
    }
    return new Choice(condition, then, otherwise);
  }

  @Override
  protected AstNode and(boolean required) throws Scanner.ScanException, Parser.ParseException {
    AstNode left = negation(required);
    while (left != null && at(Symbol.AND)) {
      consumeToken();
      left = createAstBinary(left, negation(true), AstBinary.AND);
    }
    return left;
  }

  /** {@code not} is weaker than a comparison. */
  private AstNode negation(boolean required) throws Scanner.ScanException, Parser.ParseException {
    if (!at(Symbol.NOT)) {
      return eq(required);
    }
    consumeToken();
    return createAstUnary(negation(true), AstUnary.NOT);
  }

  @Override
  protected AstNode add(boolean required) throws Scanner.ScanException, Parser.ParseException {
    AstNode left = joined(required);
    while (left != null && (at(Symbol.PLUS) || at(Symbol.MINUS))) {
      var operator = at(Symbol.PLUS) ? AstBinary.ADD : AstBinary.SUB;
      consumeToken();
      left = createAstBinary(left, joined(true), operator);
    }
    return left;
  }

  /** {@code ~} is stronger than a sum. */
  private AstNode joined(boolean required) throws Scanner.ScanException, Parser.ParseException {
    AstNode left = mul(required);
    while (left != null && getToken() == StringConcatOperator.TOKEN) {
      consumeToken();
      left = createAstBinary(left, mul(true), StringConcatOperator.OP);
    }
    return left;
  }

  @Override
  protected AstNode unary(boolean required) throws Scanner.ScanException, Parser.ParseException {
    if (at(Symbol.MINUS)) {
      consumeToken();
      return createAstUnary(unary(true), AstUnary.NEG);
    }
    if (at(Symbol.PLUS)) {
      consumeToken();
      return unary(true);
    }
    AstNode value = value();
    if (value == null && required) {
      fail("an expression");
    }
    if (value != null && getToken() == PowerOfOperator.TOKEN) {
      consumeToken();
      return createAstBinary(value, unary(true), PowerOfOperator.OP);
    }
    return value;
  }

  @Override
  protected AstNode value() throws Scanner.ScanException, Parser.ParseException {
    AstNode value = at(Symbol.LPAREN) ? parenthesised() : nonliteral();
    if (value == null) {
      value = literal();
    }
    while (value != null) {
      if (at(Symbol.DOT)) {
        consumeToken();
        Dot dot = new Dot(value, consumeToken(Symbol.IDENTIFIER).getImage());
        value = at(Symbol.LPAREN) ? createAstMethod(dot, params()) : dot;
      } else if (at(Symbol.LBRACK)) {
        consumeToken();
        value = subscript(value);
      } else {
        return value;
      }
    }
    return null;
  }

  /** A value or a tuple; the library looks ahead to tell, which takes long where much is nested. */
  private AstNode parenthesised() throws Scanner.ScanException, Parser.ParseException {
    consumeToken();
    List<AstNode> items = new ArrayList<>();
    boolean tuple = at(Symbol.RPAREN);
    while (!at(Symbol.RPAREN)) {
      items.add(expr(true));
      if (!at(Symbol.RPAREN)) {
        consumeToken(Symbol.COMMA);
        tuple = true;
      }
    }
    consumeToken();
    return tuple ? createAstTuple(createAstParameters(items)) : createAstNested(items.get(0));
  }

  private AstNode subscript(AstNode base) throws Scanner.ScanException, Parser.ParseException {
    AstNode first = at(Symbol.COLON) ? null : expr(true);
    if (at(Symbol.RBRACK)) {
      consumeToken();
      return createAstBracket(base, first, true, false);
    }
    Slice slice = new Slice(base);
    slice.bounds[0] = first;
    for (int i = 1; i < 3 && at(Symbol.COLON); i++) {
      consumeToken();
      slice.bounds[i] = at(Symbol.COLON) || at(Symbol.RBRACK) ? null : expr(true);
    }
    consumeToken(Symbol.RBRACK);
    return slice;
  }

  @Override
  protected AstParameters params(Symbol left, Symbol right)
      throws Scanner.ScanException, Parser.ParseException {
    consumeToken(left);
    List<AstNode> arguments = new ArrayList<>();
    while (!at(right)) {
      if (at(Symbol.IDENTIFIER) && lookahead(0) == NamedParameterOperator.TOKEN) {
        String name = consumeToken().getImage();
        consumeToken();
        arguments.add(new Named(name, expr(true)));
      } else {
        arguments.add(expr(true));
      }
      if (!at(right)) {
        consumeToken(Symbol.COMMA);
      }
    }
    consumeToken(right);
    return createAstParameters(arguments);
  }

  @Override
  protected Scanner createScanner(String expression) {
    return new Words(expression);
  }

  /** Jinjava's scanner, with Python's escapes and without its sign of an absolute value. */
  private static final class Words extends ExtendedScanner {
    Words(String input) {
      super(input);
    }

    @Override
    protected Token nextEval() throws ScanException {
      if (getInput().charAt(getPosition()) == '+') {
        return fixed(Symbol.PLUS);
      }
      return super.nextEval();
    }

    @Override
    protected Token nextString() throws ScanException {
      char quote = getInput().charAt(getPosition());
      for (int i = getPosition() + 1; i < getInput().length(); i++) {
        if (getInput().charAt(i) == quote) {
          String inside = getInput().substring(getPosition() + 1, i);
          return token(Symbol.STRING, PythonLiteral.unescape(inside), i + 1 - getPosition());
        }
        if (getInput().charAt(i) == '\\') {
          i++;
        }
      }
      throw new ScanException(getPosition(), "unterminated string", String.valueOf(quote));
    }
  }
}
