"""Pieces of the drawing with OpenGL: programs, and what lies in the memory of the graphics card.

Everything here is made, used and released while the context is current.
"""

from collections.abc import Sequence
from typing import cast

import numpy as np
import numpy.typing as npt
from PySide6.QtGui import QOpenGLContext, QOpenGLFunctions
from PySide6.QtOpenGL import QOpenGLBuffer, QOpenGLShader, QOpenGLShaderProgram, QOpenGLVertexArrayObject
from shiboken6 import VoidPtr

from gui.stage import shaders
from gui.stage.body_mesh import BodyMesh

GL_FLOAT = 0x1406
GL_UNSIGNED_INT = 0x1405
GL_TRIANGLES = 0x0004


class GlError(Exception):
    """The graphics card cannot do this; the message says what."""


def _offset(bytes_in: int) -> int:
    """A place in the buffer that is bound, as the calls of PySide6 take it (whatever their stubs say)."""
    return cast(int, VoidPtr(bytes_in))


def _check(well: bool, what: str) -> None:
    if not well:
        raise GlError(what)


class Program:
    """A vertex and a fragment shader, and their uniforms by name."""

    def __init__(self, vertex: str, fragment: str, attributes: Sequence[str]) -> None:
        """Raises GlError with the log of the compiler."""
        context = QOpenGLContext.currentContext()
        head = shaders.EMBEDDED if context.isOpenGLES() else shaders.DESKTOP
        self._gl: QOpenGLFunctions = context.functions()
        self._program = QOpenGLShaderProgram()
        for kind, source in (
            (QOpenGLShader.ShaderTypeBit.Vertex, vertex),
            (QOpenGLShader.ShaderTypeBit.Fragment, fragment),
        ):
            _check(self._program.addShaderFromSourceCode(kind, head + source), self._program.log().strip())
        for place, name in enumerate(attributes):
            self._program.bindAttributeLocation(name, place)
        _check(self._program.link(), self._program.log().strip())
        self._places: dict[str, int] = {}

    def bind(self) -> None:
        self._program.bind()

    def set_number(self, name: str, value: float) -> None:
        self._gl.glUniform1f(self._place(name), value)

    def set_whole(self, name: str, value: int) -> None:
        self._gl.glUniform1i(self._place(name), value)

    def set_vectors(self, name: str, values: npt.ArrayLike) -> None:
        """One vector [n] or an array of them [count, n]; n is 2, 3 or 4."""
        rows = np.atleast_2d(np.asarray(values, np.float32))
        upload = {2: self._gl.glUniform2fv, 3: self._gl.glUniform3fv, 4: self._gl.glUniform4fv}[rows.shape[1]]
        upload(self._place(name), len(rows), rows.reshape(-1).tolist())

    def set_matrix(self, name: str, matrix: npt.NDArray[np.float32]) -> None:
        """[4, 4], for columns."""
        self._gl.glUniformMatrix4fv(self._place(name), 1, 0, matrix.T.reshape(-1).tolist())

    def release(self) -> None:
        self._program.removeAllShaders()

    def _place(self, name: str) -> int:
        if name not in self._places:
            self._places[name] = self._program.uniformLocation(name)
        return self._places[name]


class Surface:
    """Triangles on the graphics card."""

    def __init__(self, columns: Sequence[npt.NDArray[np.floating]], faces: npt.NDArray[np.uint32]) -> None:
        """`columns` [n, k] are the attributes 0, 1, ... of the n vertices. Raises GlError."""
        context = QOpenGLContext.currentContext()
        self._gl: QOpenGLFunctions = context.functions()
        self._count = int(faces.size)
        self._array = QOpenGLVertexArrayObject()
        self._vertices = QOpenGLBuffer(QOpenGLBuffer.Type.VertexBuffer)
        self._faces = QOpenGLBuffer(QOpenGLBuffer.Type.IndexBuffer)
        made = self._array.create() and self._vertices.create() and self._faces.create()
        _check(made, "There is no memory left on the graphics card.")
        self._array.bind()
        table = np.ascontiguousarray(np.concatenate(columns, axis=1), np.float32)
        self._fill(self._vertices, table.tobytes())
        self._fill(self._faces, np.ascontiguousarray(faces, np.uint32).tobytes())
        offset = 0
        for place, column in enumerate(columns):
            width = column.shape[1]
            self._gl.glEnableVertexAttribArray(place)
            self._gl.glVertexAttribPointer(place, width, GL_FLOAT, 0, table.shape[1] * 4, _offset(offset))
            offset += 4 * width
        self._array.release()
        self._vertices.release()
        self._faces.release()

    def draw(self) -> None:
        self._array.bind()
        self._gl.glDrawElements(GL_TRIANGLES, self._count, GL_UNSIGNED_INT, _offset(0))
        self._array.release()

    def release(self) -> None:
        self._array.destroy()
        self._vertices.destroy()
        self._faces.destroy()

    @staticmethod
    def _fill(buffer: QOpenGLBuffer, data: bytes) -> None:
        buffer.setUsagePattern(QOpenGLBuffer.UsagePattern.StaticDraw)
        buffer.bind()
        buffer.allocate(data, len(data))


BODY_ATTRIBUTES = ("a_place", "a_normal", "a_joints", "a_weights", "a_paint")


def body_surface(mesh: BodyMesh) -> Surface:
    """A body, for the program of bodies. Raises GlError."""
    columns = (mesh.vertices_m, mesh.normals, mesh.joints.astype(np.float32), mesh.weights, mesh.paint)
    return Surface(columns, mesh.faces)


def floor_surface() -> Surface:
    """A square from -1 to 1. Raises GlError."""
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], np.float32)
    return Surface((corners,), np.array([[0, 1, 2], [0, 2, 3]], np.uint32))
