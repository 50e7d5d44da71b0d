document.currentScript.template=(function(__deskbell){
return function(obj,__deskbell_t){
obj||(obj={});
var _=__deskbell.lodash(),__deskbell_p='',
__deskbell_e=__deskbell.escaped,__deskbell_ue=__deskbell.unquoted,
__deskbell_i=__deskbell.printed(__deskbell_t,__deskbell_e),
__deskbell_ui=__deskbell.printed(__deskbell_t,__deskbell_ue);
