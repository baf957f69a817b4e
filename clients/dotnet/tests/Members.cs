using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Tdam.Client.Tests
{
    /// <summary>
    /// What the library uses of the framework: each type, and each member with its signature. The list beside this file names what of
    /// it is in netstandard2.0; it was made by compiling the library against the reference assembly of netstandard2.0 (repository
    /// dotnet/standard, branch release/2.0.0). Something new is added by hand, after a look at that reference.
    /// </summary>
    internal static class Members
    {
        internal static SortedSet<string> UsedBy(string assembly)
        {
            using (var file = new PEReader(File.OpenRead(assembly)))
            {
                MetadataReader reader = file.GetMetadataReader();
                var used = new SortedSet<string>(StringComparer.Ordinal);
                foreach (TypeReferenceHandle handle in reader.TypeReferences) { used.Add(Names.Of(reader, handle)); }
                foreach (MemberReferenceHandle handle in reader.MemberReferences)
                {
                    MemberReference member = reader.GetMemberReference(handle);
                    string owner = Owner(reader, member.Parent);
                    // A member of our own generic type.
                    if (owner == null) { continue; }
                    string name = reader.GetString(member.Name);
                    if (member.GetKind() == MemberReferenceKind.Field)
                    {
                        used.Add(owner + "::" + name + " " + member.DecodeFieldSignature(Names.Instance, null));
                        continue;
                    }
                    MethodSignature<string> signature = member.DecodeMethodSignature(Names.Instance, null);
                    used.Add(owner + "::" + name + "(" + string.Join(", ", signature.ParameterTypes) + ") " + signature.ReturnType);
                }
                return used;
            }
        }

        internal static string References(string assembly)
        {
            using (var file = new PEReader(File.OpenRead(assembly)))
            {
                MetadataReader reader = file.GetMetadataReader();
                return string.Join(
                    ", ",
                    reader.AssemblyReferences.Select(handle => reader.GetAssemblyReference(handle))
                        .Select(reference => reader.GetString(reference.Name) + " " + reference.Version));
            }
        }

        private static string Owner(MetadataReader reader, EntityHandle parent)
        {
            switch (parent.Kind)
            {
                case HandleKind.TypeReference: return Names.Of(reader, (TypeReferenceHandle)parent);
                case HandleKind.TypeSpecification:
                    string whole = reader.GetTypeSpecification((TypeSpecificationHandle)parent).DecodeSignature(Names.Instance, null);
                    string definition = whole.Split('<')[0];
                    return definition.StartsWith("Tdam.", StringComparison.Ordinal) ? null : definition;
                default: return null;
            }
        }

        /// <summary>Names types as C# does, near enough to tell them apart.</summary>
        private sealed class Names : ISignatureTypeProvider<string, object>
        {
            internal static readonly Names Instance = new Names();

            internal static string Of(MetadataReader reader, TypeReferenceHandle handle)
            {
                TypeReference type = reader.GetTypeReference(handle);
                string name = reader.GetString(type.Name);
                return type.ResolutionScope.Kind == HandleKind.TypeReference
                    ? Of(reader, (TypeReferenceHandle)type.ResolutionScope) + "." + name
                    : reader.GetString(type.Namespace) + "." + name;
            }

            public string GetPrimitiveType(PrimitiveTypeCode typeCode) => typeCode.ToString();

            public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => Of(reader, handle);

            public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
                "Tdam." + reader.GetString(reader.GetTypeDefinition(handle).Name);

            public string GetTypeFromSpecification(MetadataReader reader, object context, TypeSpecificationHandle handle, byte rawTypeKind) =>
                reader.GetTypeSpecification(handle).DecodeSignature(this, context);

            public string GetGenericInstantiation(string genericType, ImmutableArray<string> typeArguments) =>
                genericType + "<" + string.Join(", ", typeArguments) + ">";

            public string GetArrayType(string elementType, ArrayShape shape) => elementType + "[,]";

            public string GetSZArrayType(string elementType) => elementType + "[]";

            public string GetByReferenceType(string elementType) => "ref " + elementType;

            public string GetPointerType(string elementType) => elementType + "*";

            public string GetPinnedType(string elementType) => elementType;

            public string GetFunctionPointerType(MethodSignature<string> signature) => "function";

            public string GetGenericMethodParameter(object context, int index) => "!!" + index;

            public string GetGenericTypeParameter(object context, int index) => "!" + index;

            public string GetModifiedType(string modifier, string unmodifiedType, bool isRequired) => unmodifiedType;
        }
    }
}
