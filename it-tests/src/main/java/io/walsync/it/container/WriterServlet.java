package io.walsync.it.container;

import io.walsync.it.app.WriterApp;
import java.io.IOException;
import java.sql.SQLException;
import javax.servlet.ServletConfig;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * The writer behind HTTP: {@code GET /?command} answers what the command answers. Its
 * initialisation parameters are {@code database}, {@code journal}, and {@code leaves=connection}
 * for an application that does not close what it opened.
 */
public final class WriterServlet extends HttpServlet {

  /** What a careless application leaves on the threads that it starts. */
  private static final InheritableThreadLocal<Object> REQUEST = new InheritableThreadLocal<>();

  private boolean isCareless;
  private WriterApp app;

  @Override
  public void init(ServletConfig config) throws ServletException {
    super.init(config);
    isCareless = "connection".equals(config.getInitParameter("leaves"));
    try {
      app = WriterApp.at(config.getInitParameter("database"), config.getInitParameter("journal"));
    } catch (IOException | ClassNotFoundException e) {
      throw new ServletException(e);
    }
  }

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    REQUEST.set(this);
    try {
      response.setContentType("text/plain");
      response.setCharacterEncoding("UTF-8");
      response.getWriter().println(app.answer(request.getParameter("command")));
    } finally {
      REQUEST.remove();
    }
  }

  @Override
  public void destroy() {
    if (isCareless) {
      return;
    }
    try {
      app.stop();
    } catch (SQLException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
