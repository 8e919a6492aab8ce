package io.kerf.template;

import com.hubspot.jinjava.el.ext.CollectionMembershipOperator;
import com.hubspot.jinjava.el.ext.CollectionNonMembershipOperator;
import com.hubspot.jinjava.el.ext.ExtendedParser;
import com.hubspot.jinjava.el.ext.FilterSpec;
import com.hubspot.jinjava.el.ext.OrOperator;
import com.hubspot.jinjava.el.ext.PowerOfOperator;
import com.hubspot.jinjava.el.ext.StringConcatOperator;
import com.hubspot.jinjava.el.ext.TruncDivOperator;
import io.kerf.template.Expression.Arguments;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import jinjava.de.odysseus.el.tree.Node;
import jinjava.de.odysseus.el.tree.impl.Parser;
import jinjava.de.odysseus.el.tree.impl.Scanner;
import jinjava.de.odysseus.el.tree.impl.ast.AstBinary;
import jinjava.de.odysseus.el.tree.impl.ast.AstBracket;
import jinjava.de.odysseus.el.tree.impl.ast.AstEval;
import jinjava.de.odysseus.el.tree.impl.ast.AstFunction;
import jinjava.de.odysseus.el.tree.impl.ast.AstIdentifier;
import jinjava.de.odysseus.el.tree.impl.ast.AstLiteral;
import jinjava.de.odysseus.el.tree.impl.ast.AstMethod;
import jinjava.de.odysseus.el.tree.impl.ast.AstNested;
import jinjava.de.odysseus.el.tree.impl.ast.AstNull;
import jinjava.de.odysseus.el.tree.impl.ast.AstParameters;
import jinjava.de.odysseus.el.tree.impl.ast.AstUnary;
import jinjava.javax.el.ELException;

/** Turns what the grammar reads into expressions. */
final class ExpressionReader {
  private static final Map<AstBinary.Operator, String> OPERATORS =
      Map.ofEntries(
          Map.entry(AstBinary.ADD, "+"),
          Map.entry(AstBinary.SUB, "-"),
          Map.entry(AstBinary.MUL, "*"),
          Map.entry(AstBinary.DIV, "/"),
          Map.entry(AstBinary.MOD, "%"),
          Map.entry(TruncDivOperator.OP, "//"),
          Map.entry(PowerOfOperator.OP, "**"),
          Map.entry(StringConcatOperator.OP, "~"),
          Map.entry(AstBinary.EQ, "=="),
          Map.entry(AstBinary.NE, "!="),
          Map.entry(AstBinary.LT, "<"),
          Map.entry(AstBinary.LE, "<="),
          Map.entry(AstBinary.GT, ">"),
          Map.entry(AstBinary.GE, ">="),
          Map.entry(AstBinary.AND, "and"),
          Map.entry(OrOperator.OP, "or"),
          Map.entry(CollectionMembershipOperator.OP, "in"),
          Map.entry(CollectionNonMembershipOperator.NOT_IN_OP, "not in"));

  private static final Set<String> NONE = Set.of("none", "None");

  private ExpressionReader() {}

  /**
   * The expression of that text.
   *
   * @throws TemplateException if it is none
   */
  static Expression read(String text) {
    try {
      return read((Node) new ExpressionGrammar(text).tree().getRoot());
    } catch (Scanner.ScanException | Parser.ParseException | ELException e) {
      throw new TemplateException("'" + text + "' is no expression: " + e.getMessage());
    }
  }

  private static Expression read(Node node) {
    if (node instanceof AstEval || node instanceof AstNested) {
      return read(node.getChild(0));
    } else if (node instanceof AstIdentifier name) {
      return NONE.contains(name.getName())
          ? new Expression.Literal(None.NONE)
          : new Expression.Name(name.getName());
    } else if (node instanceof AstNull) {
      return new Expression.Name("null"); // a word of the library's, not of Jinja's
    } else if (node instanceof ExpressionGrammar.Dot dot) {
      return new Expression.Attribute(read(dot.base()), dot.name());
    } else if (node instanceof AstBracket) {
      return new Expression.Item(read(node.getChild(0)), read(node.getChild(1)));
    } else if (node instanceof ExpressionGrammar.Slice slice) {
      return new Expression.Slice(
          read(slice.base),
          readOrNull(slice.bounds[0]),
          readOrNull(slice.bounds[1]),
          readOrNull(slice.bounds[2]));
    } else if (node instanceof AstMethod) {
      return method((ExpressionGrammar.Dot) node.getChild(0), (AstParameters) node.getChild(1));
    } else if (node instanceof AstFunction function) {
      return new Expression.Function(function.getName(), arguments(function, 0));
    } else if (node instanceof ExpressionGrammar.Filtered chain) {
      Expression value = read(chain.from);
      for (FilterSpec filter : chain.filters) {
        Arguments with =
            filter.getParams() == null ? Arguments.NONE : arguments(filter.getParams(), 0);
        value = new Expression.Filter(value, filter.getName(), with);
      }
      return value;
    } else if (node instanceof AstUnary unary) {
      Expression of = read(node.getChild(0));
      return unary.getOperator() == AstUnary.NOT
          ? new Expression.Not(of)
          : new Expression.Negative(of);
    } else if (node instanceof AstBinary binary) {
      return new Expression.Binary(
          OPERATORS.get(binary.getOperator()), read(node.getChild(0)), read(node.getChild(1)));
    } else if (node instanceof ExpressionGrammar.Choice choice) {
      return new Expression.Choice(
          read(choice.condition), read(choice.then), readOrNull(choice.otherwise));
    } else if (node instanceof ExpressionGrammar.Listing list) {
      return new Expression.Listing(all(list.items()), false);
    } else if (node instanceof ExpressionGrammar.Tupling tuple) {
      return new Expression.Listing(all(tuple.items()), true);
    } else if (node instanceof ExpressionGrammar.Mapping mapping) {
      Map<Expression, Expression> items = new LinkedHashMap<>();
      mapping.items().forEach((key, value) -> items.put(read((Node) key), read((Node) value)));
      return new Expression.Mapping(items);
    } else if (node instanceof AstLiteral literal) {
      return new Expression.Literal(Values.of(literal.eval(null, null)));
    }
    throw new TemplateException("'" + node + "' is nothing that a template may say");
  }

  private static Expression readOrNull(Node node) {
    return node == null ? null : read(node);
  }

  /** The library writes a test as a call of a name of its own. */
  private static Expression method(ExpressionGrammar.Dot dot, AstParameters parameters) {
    if (dot.base() instanceof AstIdentifier name
        && name.getName().startsWith(ExtendedParser.EXPTEST_PREFIX)) {
      return new Expression.Test(
          read((Node) parameters.getChild(0)),
          name.getName().substring(ExtendedParser.EXPTEST_PREFIX.length()),
          arguments(parameters, 2), // the second is the library's interpreter
          dot.name().equals("evaluateNegated"));
    }
    return new Expression.Method(read((Node) dot.base()), dot.name(), arguments(parameters, 0));
  }

  private static List<Expression> all(Node parent) {
    List<Expression> items = new ArrayList<>();
    for (int i = 0; i < parent.getCardinality(); i++) {
      items.add(read(parent.getChild(i)));
    }
    return items;
  }

  private static Arguments arguments(Node parent, int from) {
    List<Expression> positional = new ArrayList<>();
    Map<String, Expression> named = new LinkedHashMap<>();
    Node list = parent instanceof AstFunction ? parent.getChild(0) : parent;
    for (int i = from; i < list.getCardinality(); i++) {
      if (list.getChild(i) instanceof ExpressionGrammar.Named argument) {
        named.put(argument.name, read((Node) argument.value));
      } else {
        positional.add(read(list.getChild(i)));
      }
    }
    return new Arguments(positional, named);
  }
}
