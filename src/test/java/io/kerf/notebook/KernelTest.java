package io.kerf.notebook;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.spencerpark.jupyter.channels.ShellReplyEnvironment;
import io.github.spencerpark.jupyter.kernel.BaseKernel;
import io.github.spencerpark.jupyter.kernel.LanguageInfo;
import io.github.spencerpark.jupyter.kernel.display.DisplayData;
import io.github.spencerpark.jupyter.kernel.display.mime.MIMEType;
import io.github.spencerpark.jupyter.messages.ContentType;
import io.github.spencerpark.jupyter.messages.publish.PublishDisplayData;
import io.github.spencerpark.jupyter.messages.publish.PublishUpdateDisplayData;
import io.kerf.progress.Progress;
import io.kerf.report.Charts;
import io.kerf.report.Shown;
import io.kerf.train.TrainingStep;
import io.kerf.train.TrainingWatch;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.function.Consumer;
import org.dflib.jjava.jupyter.Extension;
import org.junit.jupiter.api.Test;
import tech.tablesaw.api.StringColumn;
import tech.tablesaw.api.Table;

class KernelTest {
  private static final Table TABLE = Table.create("t", StringColumn.create("a", "<script>"));

  private final List<Object> published = new ArrayList<>();

  /** IJava's base kernel with a cell running, whose messages are kept instead of sent. */
  private BaseKernel ijava() throws ReflectiveOperationException {
    BaseKernel kernel =
        new BaseKernel() {
          @Override
          public DisplayData eval(String code) {
            return null;
          }

          @Override
          public LanguageInfo getLanguageInfo() {
            return new LanguageInfo.Builder("Java").build();
          }
        };
    class Cell extends ShellReplyEnvironment {
      Cell() {
        super(null, null, null, null);
      }

      @Override
      public <T extends ContentType<T>> void publish(T content) {
        published.add(content);
      }
    }
    Method setEnv =
        kernel.getIO().display.getClass().getDeclaredMethod("setEnv", ShellReplyEnvironment.class);
    setEnv.setAccessible(true);
    setEnv.invoke(kernel.getIO().display, new Cell());
    return kernel;
  }

  @Test
  void ijavaRendersTablesAsEscapedHtml() throws Exception {
    BaseKernel ijava = ijava();
    new Kernel(Kernel.Api.IJAVA, ijava).registerRenderers();
    DisplayData data = ijava.getRenderer().render(TABLE);
    String html = (String) data.getData(MIMEType.TEXT_HTML);
    assertTrue(html.contains("&lt;script&gt;"), html);
    assertFalse(html.contains("<script>"), html);
    assertEquals("t\na\n--------\n<script>", data.getData(MIMEType.TEXT_PLAIN));
  }

  @Test
  void ijavaRendersChartsAsPictures() throws Exception {
    BaseKernel ijava = ijava();
    new Kernel(Kernel.Api.IJAVA, ijava).registerRenderers();
    DisplayData data =
        ijava
            .getRenderer()
            .render(Charts.bars("t", "", "y", List.of("a"), Map.of("s", List.of(1.0))));
    assertTrue(((String) data.getData(MIMEType.IMAGE_SVG)).startsWith("<svg"));
    assertTrue(data.hasDataForType(MIMEType.IMAGE_PNG));
  }

  @Test
  void ijavaRendersSubtypesOfWhatIsShown() throws Exception {
    record Note(String html, String text) implements Shown {}
    BaseKernel ijava = ijava();
    new Kernel(Kernel.Api.IJAVA, ijava).registerRenderers();
    DisplayData data = ijava.getRenderer().render(new Note("<i>n</i>", "n"));
    assertEquals("<i>n</i>", data.getData(MIMEType.TEXT_HTML));
  }

  @Test
  void progressIsOneDisplayUpdatedInPlace() throws Exception {
    KernelScreen screen = new KernelScreen(new Kernel(Kernel.Api.IJAVA, ijava()));
    assertEquals("IJava", screen.name());
    try (Progress progress = screen.progress().start("work", 2, "steps")) {
      progress.advance(2);
    }
    DisplayData first = assertInstanceOf(PublishDisplayData.class, published.get(0));
    DisplayData last =
        assertInstanceOf(PublishUpdateDisplayData.class, published.get(published.size() - 1));
    assertEquals(first.getDisplayId(), last.getDisplayId());
    assertTrue(((String) last.getData(MIMEType.TEXT_HTML)).contains("done"));
  }

  @Test
  void aTrainingIsOneDisplayUpdatedInPlace() throws Exception {
    KernelScreen screen = new KernelScreen(new Kernel(Kernel.Api.IJAVA, ijava()));
    try (TrainingWatch watch = screen.training().start("cut", 1, 100)) {
      watch.step(new TrainingStep(1, 100, 5, 3e-4, 1, 0.5));
    }
    assertEquals(3, published.size());
    DisplayData first = assertInstanceOf(PublishDisplayData.class, published.get(0));
    DisplayData last = assertInstanceOf(PublishUpdateDisplayData.class, published.get(2));
    assertEquals(first.getDisplayId(), last.getDisplayId());
    assertTrue(((String) last.getData(MIMEType.TEXT_HTML)).contains("<img"));
    assertTrue(((String) last.getData(MIMEType.TEXT_PLAIN)).contains("1 step, 100 tokens"));
  }

  @Test
  void whatIsShownHereComesThoughTheCellWasFreed() throws Exception {
    BaseKernel ijava = ijava();
    KernelScreen screen = new KernelScreen(new Kernel(Kernel.Api.IJAVA, ijava));
    Consumer<Object> here = screen.here();
    Method setEnv =
        ijava.getIO().display.getClass().getDeclaredMethod("setEnv", ShellReplyEnvironment.class);
    setEnv.setAccessible(true);
    setEnv.invoke(ijava.getIO().display, (Object) null);
    here.accept(TABLE);
    DisplayData data = assertInstanceOf(PublishDisplayData.class, published.get(0));
    assertTrue(data.hasDataForType(MIMEType.TEXT_HTML));
  }

  @Test
  void showPublishesTheBundle() throws Exception {
    new KernelScreen(new Kernel(Kernel.Api.IJAVA, ijava())).show(TABLE);
    DisplayData data = assertInstanceOf(PublishDisplayData.class, published.get(0));
    assertTrue(data.hasDataForType(MIMEType.TEXT_HTML));
  }

  @Test
  void jjavaRendersThroughTheSameCode() {
    record JjavaLike(org.dflib.jjava.jupyter.kernel.display.Renderer getRenderer) {}
    var renderer = new org.dflib.jjava.jupyter.kernel.display.Renderer();
    new Kernel(Kernel.Api.JJAVA, new JjavaLike(renderer)).registerRenderers();
    var html = org.dflib.jjava.jupyter.kernel.display.mime.MIMEType.TEXT_HTML;
    assertTrue(((String) renderer.render(TABLE).getData(html)).contains("&lt;script&gt;"));
  }

  @Test
  void jjavaFindsTheExtension() {
    assertTrue(
        ServiceLoader.load(Extension.class).stream()
            .anyMatch(provider -> provider.type() == JjavaExtension.class));
  }

  @Test
  void plainVirtualMachineHasNoKernel() {
    assertTrue(Kernel.running().isEmpty());
  }

  @Test
  void aKernelOfAnotherShapeIsRefusedByName() {
    IllegalStateException error =
        assertThrows(
            IllegalStateException.class,
            () -> new Kernel(Kernel.Api.JJAVA, "not a kernel").registerRenderers());
    assertEquals(
        "JJava does not display as Kerf expects (java.lang.NoSuchMethodException:"
            + " java.lang.String.getRenderer); update Kerf or the kernel",
        error.getMessage());
  }
}
